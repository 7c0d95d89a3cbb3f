/**
 * The HTTP edge: the routes of the contract table, health, metrics, the OpenAPI document and the
 * page. Every failure is a problem (RFC 9457) with a code of ours, also for an unknown path or a
 * method that a path does not have.
 *
 * <p>{@code AccessHandler} comes before all routes. {@code HttpConnections} closes connections that
 * wait too long for a request; {@code ConnectionLimits} counts all of them. {@code TransportGuard}
 * refuses what comes in the clear.
 *
 * <p>Large on purpose: each step before a route is a handler of its own, and they share what they
 * know of a connection with nobody else.
 */
package dev.concert.gateway.http;
