package dev.concert.foundation.rate;

import java.time.Duration;

/**
 * A number of calls in a time.
 *
 * @param calls that may be made at once, and in each period; at least 1
 * @param period above zero
 */
public record CallRate(int calls, Duration period) {
  public CallRate {
    if (calls < 1 || !period.isPositive()) {
      throw new IllegalArgumentException("A rate has at least one call in a time above zero");
    }
  }

  /** So many calls in a minute. */
  public static CallRate perMinute(int calls) {
    return new CallRate(calls, Duration.ofMinutes(1));
  }

  /** One call in that time. */
  public static CallRate oneIn(Duration period) {
    return new CallRate(1, period);
  }

  /** Four fifths of it. */
  CallRate slowed() {
    return calls < 5
        ? new CallRate(calls, period.multipliedBy(5).dividedBy(4))
        : new CallRate(calls * 4 / 5, period);
  }

  long intervalNanos() {
    return period.toNanos() / calls;
  }
}
