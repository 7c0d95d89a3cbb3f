package dev.concert.ensemble.admission;

import dev.concert.ensemble.limit.RateDecision;
import dev.concert.ensemble.limit.RateLimit;
import java.time.Instant;
import java.util.Optional;

/**
 * What a key has left of sixty seconds, as a call of it was admitted.
 *
 * @param requests empty for a key without a limit of them
 * @param tokens likewise; those that the call may need are taken
 * @param resets when nothing counts any more of what was used by then
 */
public record LimitsLeft(Optional<Left> requests, Optional<Left> tokens, Instant resets) {

  /**
   * @param limit of a minute
   */
  public record Left(long limit, long remaining) {}

  static LimitsLeft of(RateLimit limit, RateDecision.Granted granted, Instant resets) {
    return new LimitsLeft(
        left(limit.requests(), granted.requestsLeft()),
        left(limit.tokens(), granted.tokensLeft()),
        resets);
  }

  private static Optional<Left> left(long limit, long remaining) {
    return limit == RateLimit.MOST ? Optional.empty() : Optional.of(new Left(limit, remaining));
  }
}
