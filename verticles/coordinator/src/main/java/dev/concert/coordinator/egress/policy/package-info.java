/**
 * Which destinations an agent may reach.
 *
 * <p>A <em>destination</em> is a host and a port that an agent asks for. A <em>policy</em> decides
 * about its name before it is resolved; the {@link
 * dev.concert.coordinator.egress.policy.EgressGate} then decides about each address, and gives the
 * addresses that it checked, so a name that changes its address in between gains nothing. The
 * operator has a policy, which the manifest of an agent type may narrow.
 */
package dev.concert.coordinator.egress.policy;
