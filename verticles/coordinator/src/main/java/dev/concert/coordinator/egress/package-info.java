/**
 * What leaves an agent's sandbox over the network.
 *
 * <p>A sandbox has no network but its own loopback. Two Unix sockets are bound into it ({@link
 * dev.concert.coordinator.egress.AgentNetwork}): one leads to Ensemble ({@link
 * dev.concert.coordinator.egress.EnsembleSocket}), one to the egress proxy ({@link
 * dev.concert.coordinator.egress.EgressProxy}), which speaks HTTP CONNECT and plain HTTP, and
 * connects where {@link dev.concert.coordinator.egress.policy} admits it to.
 *
 * <p>Each agent has its sockets, its clients and its limits to itself, on one event loop.
 */
package dev.concert.coordinator.egress;
