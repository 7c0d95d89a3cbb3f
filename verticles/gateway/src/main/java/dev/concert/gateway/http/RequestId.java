package dev.concert.gateway.http;

import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The id of an HTTP request: the caller's {@code X-Request-Id} where it is a sane one, or one of
 * ours. Every reply carries it, every problem names it, and so do the lines of the log.
 */
final class RequestId {
  static final String HEADER = "X-Request-Id";

  private static final String KEY = "concert.requestId";
  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._:/+=@-]{1,128}");

  private RequestId() {}

  /** The first of all handlers. */
  static void assign(RoutingContext request) {
    String given = request.request().getHeader(HEADER);
    String id =
        given != null && SANE.matcher(given).matches() ? given : UUID.randomUUID().toString();
    request.put(KEY, id);
    request.response().putHeader(HEADER, id);
    request.next();
  }

  static String of(RoutingContext request) {
    return request.get(KEY);
  }
}
