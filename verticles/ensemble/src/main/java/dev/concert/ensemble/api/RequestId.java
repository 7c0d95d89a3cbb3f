package dev.concert.ensemble.api;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Gives every request an id: the client's {@code X-Request-ID} where it is harmless, else a fresh
 * one. It goes back in the same header and is the answer's id.
 */
final class RequestId implements Handler<RoutingContext> {
  private static final String HEADER = "X-Request-ID";
  private static final String KEY = "ensemble.request-id";

  /** What may go into a log line and a header without any care. */
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  @Override
  public void handle(RoutingContext context) {
    String given = context.request().getHeader(HEADER);
    String id =
        given != null && HARMLESS.matcher(given).matches() ? given : UUID.randomUUID().toString();
    context.put(KEY, id);
    context.response().putHeader(HEADER, id);
    context.next();
  }

  static String of(RoutingContext context) {
    return context.get(KEY);
  }
}
