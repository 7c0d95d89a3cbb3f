package dev.concert.ensemble.routing;

import dev.concert.error.Problem;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The pauses of one call: half a second and twice as long each time, up to a quarter longer, so
 * that calls that failed together do not return together; or as long as the provider asks for, if
 * that is longer. A provider that asks for a few milliseconds again and again gets no flood of
 * attempts.
 */
final class RetryPause {
  private static final long FIRST_MS = 500;

  private final long patienceMs;
  private long waitedMs;
  private long nextMs = FIRST_MS;

  /**
   * @param patience how long all pauses may be together
   */
  RetryPause(Duration patience) {
    this.patienceMs = patience.toMillis();
  }

  /** Milliseconds; empty if the failure does not pass by itself, or the patience is used up. */
  OptionalLong after(Problem failure) {
    long pause = Math.max(failure.retryAfterMs(), usual());
    if (!passes(failure) || waitedMs + pause > patienceMs) {
      return OptionalLong.empty();
    }
    waitedMs += pause;
    nextMs *= 2;
    return OptionalLong.of(pause);
  }

  private long usual() {
    return nextMs + ThreadLocalRandom.current().nextLong(nextMs / 4 + 1);
  }

  private static boolean passes(Problem failure) {
    return switch (failure.code()) {
      case PROVIDER_RATE_LIMITED, PROVIDER_OVERLOADED, PROVIDER_FAILED -> true;
      default -> false;
    };
  }
}
