package dev.concert.ensemble.api;

import dev.concert.ensemble.admission.RemainingLimits;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Adds the headers that say what is left of a key's limits, by the names that OpenAI's SDKs know.
 *
 * <p>Format: https://developers.openai.com/api/docs/guides/rate-limits#rate-limits-in-headers
 */
final class RateLimitHeaders {
  private static final String LIMIT = "x-ratelimit-limit-";
  private static final String REMAINING = "x-ratelimit-remaining-";
  private static final String RESET = "x-ratelimit-reset-";

  private RateLimitHeaders() {}

  /**
   * Adds the headers when the response head is sent, because the remaining time is counted from
   * then.
   */
  static void add(RoutingContext context, RemainingLimits left) {
    context.addHeadersEndHandler(
        sending -> {
          HttpServerResponse response = context.response();
          add(response, "requests", left.requests(), left.resets());
          add(response, "tokens", left.tokens(), left.resets());
        });
  }

  private static void add(
      HttpServerResponse response, String what, Optional<RemainingLimits.Left> of, Instant resets) {
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
