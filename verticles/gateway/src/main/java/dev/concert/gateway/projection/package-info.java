/**
 * How the neutral events of a session look in each client protocol. A <em>projection</em> is pure:
 * it knows no connection and no log, and the log knows projections only by their interface. A new
 * protocol is one more implementation of {@link dev.concert.gateway.projection.EventProjection}.
 */
package dev.concert.gateway.projection;
