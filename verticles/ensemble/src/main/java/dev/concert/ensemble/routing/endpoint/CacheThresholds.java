package dev.concert.ensemble.routing.endpoint;

import java.math.BigDecimal;

/**
 * The values of a cache, in US dollars for a call, that decide where the call goes (configuration
 * {@code cache.cache_wait_threshold} and {@code cache.load_balance_threshold}).
 *
 * @param strong above it the call goes to the cache, however busy its endpoint is
 * @param moderate from it on the call goes to the cache, unless its endpoint is much busier than
 *     others
 */
public record CacheThresholds(BigDecimal strong, BigDecimal moderate) {
  public static final CacheThresholds DEFAULT =
      new CacheThresholds(new BigDecimal("0.25"), new BigDecimal("0.05"));

  public CacheThresholds {
    if (moderate.compareTo(strong) > 0) {
      throw new IllegalArgumentException(
          "The threshold for balancing (%s) must not be above that for waiting (%s)."
              .formatted(moderate, strong));
    }
  }
}
