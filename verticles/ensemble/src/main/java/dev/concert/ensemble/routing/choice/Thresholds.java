package dev.concert.ensemble.routing.choice;

import java.math.BigDecimal;

/**
 * What a cache has to be worth, in US dollars for a call, to decide where the call goes
 * (configuration {@code cache.cache_wait_threshold} and {@code cache.load_balance_threshold}).
 *
 * @param strong above it the call goes there however busy it is
 * @param moderate from it on the call goes there unless it is much busier than others
 */
public record Thresholds(BigDecimal strong, BigDecimal moderate) {
  public static final Thresholds DEFAULT =
      new Thresholds(new BigDecimal("0.25"), new BigDecimal("0.05"));

  public Thresholds {
    if (moderate.compareTo(strong) > 0) {
      throw new IllegalArgumentException(
          "The threshold for balancing (%s) must not be above that for waiting (%s)."
              .formatted(moderate, strong));
    }
  }
}
