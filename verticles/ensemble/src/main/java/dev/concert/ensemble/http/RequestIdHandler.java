package dev.concert.ensemble.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Gives every request an id: the client's {@code X-Request-ID} if it is safe to log, else a random
 * one. The id is sent back in the same header and is the id of the response.
 */
public final class RequestIdHandler implements Handler<RoutingContext> {
  private static final String HEADER = "X-Request-ID";
  private static final String KEY = "ensemble.request-id";

  /** Ids that are safe in a log line and a header. */
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

  public static String of(RoutingContext context) {
    return context.get(KEY);
  }
}
