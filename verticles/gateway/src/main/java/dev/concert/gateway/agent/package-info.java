/**
 * The events of agents as they come over the bus: each exactly once and in order, although the bus
 * may lose or repeat a message. An <em>epoch</em> is one process of an agent; its events are
 * numbered from 1.
 */
package dev.concert.gateway.agent;
