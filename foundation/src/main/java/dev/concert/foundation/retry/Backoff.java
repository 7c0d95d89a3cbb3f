package dev.concert.foundation.retry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Exponential backoff: each further failure doubles the pause, up to the longest one.
 *
 * @param first pause after the first failure, above zero
 * @param longest no pause is longer
 * @param jitter share of a pause that is random, from 0 (none) to 1, so that many callers that
 *     failed together do not come back together
 */
public record Backoff(Duration first, Duration longest, double jitter) {
  /** Doubling a nanosecond more often overflows. */
  private static final int MAX_DOUBLINGS = 40;

  public Backoff {
    if (!first.isPositive() || !longest.isPositive()) {
      throw new IllegalArgumentException(
          "The pauses of a backoff must be above zero, not %s and %s".formatted(first, longest));
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("The jitter must be from 0 to 1, not " + jitter);
    }
  }

  /** Without jitter: for a caller that has no company. */
  public static Backoff of(Duration first, Duration longest) {
    return new Backoff(first, longest, 0);
  }

  /**
   * How long to wait.
   *
   * @param failures failures in a row so far, at least 1
   */
  public Duration after(int failures) {
    if (failures < 1) {
      throw new IllegalArgumentException("There is no pause after %d failures".formatted(failures));
    }
    int doublings = Math.min(failures - 1, MAX_DOUBLINGS);
    // Compared by shifting the longest down: shifting the first up could overflow.
    boolean capped = first.toNanos() > longest.toNanos() >> doublings;
    long nanos = capped ? longest.toNanos() : first.toNanos() << doublings;
    double share = jitter == 0 ? 1 : 1 - jitter * ThreadLocalRandom.current().nextDouble();
    return Duration.ofNanos(Math.max(1, (long) (nanos * share)));
  }
}
