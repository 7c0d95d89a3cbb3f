package dev.concert.ensemble.http;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** Refuses a URL whose query cannot be decoded, before anybody asks for a parameter. */
public final class QueryHandler implements Handler<RoutingContext> {
  @Override
  public void handle(RoutingContext context) {
    if (context.request().query() != null) {
      try {
        context.request().params();
      } catch (IllegalArgumentException malformed) {
        throw new ConcertException(
            ErrorCode.INVALID_MESSAGE,
            "The query of the URL has a % that two hexadecimal digits do not follow.");
      }
    }
    context.next();
  }
}
