/**
 * Connects two vocabularies: the events that an agent sends and the events that a client receives.
 *
 * <p>An agent says events under the names of the column {@code agentNames} of {@link
 * dev.concert.protocol.ServerProtocol}, with fields in snake_case. {@link
 * dev.concert.agentevent.AgentEventMapper} maps them to {@link dev.concert.protocol.ServerEvent};
 * an {@link dev.concert.agentevent.AgentEvent} carries the result over the bus.
 */
package dev.concert.agentevent;
