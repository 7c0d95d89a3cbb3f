package dev.concert.ensemble.routing.affinity;

import java.math.BigDecimal;

/**
 * The value of a cached prefix: its tokens, times what a cached token saves, times the confidence
 * that it is still cached.
 *
 * @param dollars exact
 */
public record CacheValue(BigDecimal dollars) implements Comparable<CacheValue> {
  public static final CacheValue NONE = new CacheValue(BigDecimal.ZERO);
  private static final int MILLION_DIGITS = 6;

  /**
   * @param inputRate US dollars for a million prompt tokens
   * @param cachedRate US dollars for a million prompt tokens read from the cache
   */
  public static CacheValue of(
      CacheExpectation expected, BigDecimal inputRate, BigDecimal cachedRate) {
    return new CacheValue(
        inputRate
            .subtract(cachedRate)
            .max(BigDecimal.ZERO)
            .multiply(BigDecimal.valueOf(expected.tokens()))
            .multiply(BigDecimal.valueOf(expected.confidence()))
            .movePointLeft(MILLION_DIGITS));
  }

  public boolean exceeds(BigDecimal threshold) {
    return dollars.compareTo(threshold) > 0;
  }

  @Override
  public int compareTo(CacheValue other) {
    return dollars.compareTo(other.dollars);
  }
}
