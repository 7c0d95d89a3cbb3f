/**
 * What probes are told about a gateway.
 *
 * <p><b>Live</b>: the process answers; a supervisor restarts one that is not live. <b>Ready</b>: it
 * takes new work; a balancer sends none to one that is not ready. <b>Health</b>: what of it, and of
 * the services behind it, works. The {@link dev.concert.gateway.health.ServingState} is what a
 * gateway does about new work: it starts, it serves, it drains.
 */
package dev.concert.gateway.health;
