package dev.concert.gateway.agent;

import dev.concert.bus.KeyedListeners;
import dev.concert.podium.PodiumMessages.AgentEvents;

/**
 * Where the agents of one event loop's sessions send their events.
 *
 * @param address on the bus; given to the coordinator with each start
 * @param listeners by instance
 */
public record AgentInbox(String address, KeyedListeners<AgentEvents> listeners) {}
