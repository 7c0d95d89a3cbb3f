/**
 * What HTTP has beside the operations themselves: streams of events, versions, limits.
 *
 * <p>An <em>event stream</em> is a response that goes on ({@code text/event-stream}): {@link
 * dev.concert.gateway.rest.EventStreams} opens one for a session or for one turn, and a {@code
 * SseSubscriber} writes it. The number of an event is its id, so that a client that was cut off
 * goes on with {@code Last-Event-ID}.
 *
 * <p>An <em>entity tag</em> names the version of a thing, for {@code If-None-Match} and {@code
 * If-Match}. <em>Rate limits</em> hold for each user and route.
 */
package dev.concert.gateway.rest;
