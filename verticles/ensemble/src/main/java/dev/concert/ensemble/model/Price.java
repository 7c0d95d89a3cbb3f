package dev.concert.ensemble.model;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;

/**
 * What a model costs.
 *
 * @param rates of a usual call
 * @param tiers of calls with a long prompt; the highest one that is reached holds for all tokens of
 *     the call, as the providers bill it
 */
public record Price(Rates rates, List<Tier> tiers) {
  public static final Price FREE =
      new Price(Rates.of(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO), List.of());

  public Price {
    tiers = tiers.stream().sorted(Comparator.comparingLong(Tier::above).reversed()).toList();
  }

  /**
   * @param above prompts of more tokens than this, cached ones included
   */
  public record Tier(long above, Rates rates) {}

  /** The exact cost in US dollars; nothing is rounded. */
  public BigDecimal cost(TokenCount tokens) {
    return ratesOf(tokens.prompt()).cost(tokens);
  }

  /** The most that a call with so many tokens costs, whatever the provider's cache does. */
  public BigDecimal mostCost(long prompt, long output) {
    return ratesOf(prompt).mostCost(prompt, output);
  }

  private Rates ratesOf(long prompt) {
    return tiers.stream()
        .filter(tier -> prompt > tier.above())
        .findFirst()
        .map(Tier::rates)
        .orElse(rates);
  }

  /** A sum of money as it goes over the wire: plain digits, no exponent, no idle zeros. */
  public static String plain(BigDecimal amount) {
    return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
  }
}
