/**
 * What an agent does, as numbered events on the bus.
 *
 * <p>{@link dev.concert.coordinator.event.ReplayBuffer} numbers and publishes the events of one
 * process and keeps each one until the gateway acknowledges it. The <em>feeds</em> add what
 * Chronicle reports about the workspace: changed files and health.
 */
package dev.concert.coordinator.event;
