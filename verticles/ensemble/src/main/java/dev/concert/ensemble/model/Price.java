package dev.concert.ensemble.model;

import java.math.BigDecimal;

/**
 * What a model costs.
 *
 * @param input US dollars for a million prompt tokens, exact
 * @param output likewise for tokens of the answer
 * @param cached likewise for prompt tokens read from the provider's cache
 */
public record Price(BigDecimal input, BigDecimal output, BigDecimal cached) {
  private static final int MILLION_DIGITS = 6;

  public static final Price FREE = new Price(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

  /** The exact cost in US dollars; nothing is rounded. */
  public BigDecimal cost(TokenCount tokens) {
    return input
        .multiply(BigDecimal.valueOf(tokens.input()))
        .add(output.multiply(BigDecimal.valueOf(tokens.output())))
        .add(cached.multiply(BigDecimal.valueOf(tokens.cached())))
        .movePointLeft(MILLION_DIGITS);
  }

  /** A sum of money as it goes over the wire: plain digits, no exponent, no idle zeros. */
  public static String plain(BigDecimal amount) {
    return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
  }
}
