/**
 * An agent's state: one JSON document per instance. Agents send <em>deltas</em> (JSON Patch
 * operations); the state is on the disk before a message counts as complete.
 */
package dev.concert.coordinator.state;
