package dev.concert.ensemble.api;

import dev.concert.ensemble.admission.LimitsLeft;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells the holder of a key what is left of its limits, where it has any, by the names that
 * OpenAI's SDKs know.
 *
 * <p>Format: https://developers.openai.com/api/docs/guides/rate-limits#rate-limits-in-headers
 */
final class LimitHeaders {
  private static final String LIMIT = "x-ratelimit-limit-";
  private static final String REMAINING = "x-ratelimit-remaining-";
  private static final String RESET = "x-ratelimit-reset-";

  private LimitHeaders() {}

  /** To be written with the head of the reply: the time that is left is counted from there. */
  static void tell(RoutingContext context, LimitsLeft left) {
    context.addHeadersEndHandler(
        sending -> {
          HttpServerResponse response = context.response();
          tell(response, "requests", left.requests(), left.resets());
          tell(response, "tokens", left.tokens(), left.resets());
        });
  }

  private static void tell(
      HttpServerResponse response, String what, Optional<LimitsLeft.Left> of, Instant resets) {
    of.ifPresent(
        left ->
            response
                .putHeader(LIMIT + what, Long.toString(left.limit()))
                .putHeader(REMAINING + what, Long.toString(left.remaining()))
                .putHeader(RESET + what, seconds(resets)));
  }

  private static String seconds(Instant resets) {
    long millis = Math.max(0, Duration.between(Instant.now(), resets).toMillis());
    return Math.ceilDiv(millis, 1000) + "s";
  }
}
