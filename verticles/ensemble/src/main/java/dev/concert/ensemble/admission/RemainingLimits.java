package dev.concert.ensemble.admission;

import dev.concert.ensemble.limit.RateLimit;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a key has left of its limits when a call is admitted.
 *
 * @param requests empty for a key without a limit of requests
 * @param tokens empty for a key without a limit of tokens; the call's estimate is already
 *     subtracted
 * @param resets when nothing that was used by then counts any more
 */
public record RemainingLimits(Optional<Left> requests, Optional<Left> tokens, Instant resets) {

  /**
   * @param limit of a minute
   */
  public record Left(long limit, long remaining) {}

  static RemainingLimits of(TakenLimit taken) {
    return new RemainingLimits(
        left(taken.limit().requests(), taken.granted().requestsLeft()),
        left(taken.limit().tokens(), taken.granted().tokensLeft()),
        taken.resets());
  }

  /** Of each limit the one with less left. */
  RemainingLimits least(RemainingLimits other) {
    return new RemainingLimits(
        least(requests, other.requests),
        least(tokens, other.tokens),
        resets.isAfter(other.resets) ? resets : other.resets);
  }

  private static Optional<Left> least(Optional<Left> one, Optional<Left> other) {
    return Stream.of(one, other)
        .flatMap(Optional::stream)
        .min(Comparator.comparingLong(Left::remaining));
  }

  private static Optional<Left> left(long limit, long remaining) {
    return limit == RateLimit.MOST ? Optional.empty() : Optional.of(new Left(limit, remaining));
  }
}
