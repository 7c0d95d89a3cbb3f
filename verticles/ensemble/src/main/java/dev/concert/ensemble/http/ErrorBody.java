package dev.concert.ensemble.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;

/**
 * An error as clients of the native API receive it: the data of an SSE {@code error} event, and the
 * field {@code error} of an HTTP error's body.
 *
 * @param retryable whether the same request may succeed later
 * @param retryAfterMs milliseconds to wait; null if unknown
 * @param advice what to do next
 */
public record ErrorBody(
    ErrorCode code,
    String message,
    boolean retryable,
    @JsonProperty("retry_after_ms") Long retryAfterMs,
    String advice) {

  /** The body of an HTTP error. */
  public record Envelope(ErrorBody error) {}

  public static ErrorBody of(Problem problem) {
    return new ErrorBody(
        problem.code(),
        problem.message(),
        retryable(problem.code()),
        problem.retryAfterMs() > 0 ? problem.retryAfterMs() : null,
        HttpAdvice.of(problem.code()));
  }

  private static boolean retryable(ErrorCode code) {
    return switch (code) {
      case RATE_LIMITED,
          AUTH_RATE_LIMITED,
          PROVIDER_RATE_LIMITED,
          PROVIDER_FAILED,
          PROVIDER_OVERLOADED,
          ENSEMBLE_UNAVAILABLE,
          TIMEOUT ->
          true;
      default -> false;
    };
  }
}
