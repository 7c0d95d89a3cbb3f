package dev.concert.ensemble.model;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;

/**
 * What a model costs, or, where nobody said it, that this is not known: then every cost is 0.
 *
 * @param rates the rates of a usual call
 * @param tiers the rates of calls with a long prompt; the highest tier that is reached applies to
 *     all tokens of the call, as providers bill it
 */
public record Price(Rates rates, List<Tier> tiers, boolean known) {
  private static final Rates NOTHING = Rates.of(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

  public static final Price FREE = new Price(NOTHING, List.of());
  public static final Price UNKNOWN = new Price(NOTHING, List.of(), false);

  public Price(Rates rates, List<Tier> tiers) {
    this(rates, tiers, true);
  }

  public Price {
    tiers = tiers.stream().sorted(Comparator.comparingLong(Tier::above).reversed()).toList();
  }

  /**
   * @param above applies to prompts of more tokens, cached ones included
   */
  public record Tier(long above, Rates rates) {}

  /** What is written for a cost that is not known. */
  public static final String UNKNOWN_COST = "unknown";

  /** The cost as a plain decimal, or {@value #UNKNOWN_COST}. */
  public String writtenCost(TokenCount tokens) {
    return known ? plain(cost(tokens)) : UNKNOWN_COST;
  }

  /** US dollars of a written cost; one that is not known counts as nothing. */
  public static BigDecimal amount(String written) {
    return written.equals(UNKNOWN_COST) ? BigDecimal.ZERO : new BigDecimal(written);
  }

  /** The exact cost in US dollars; nothing is rounded. */
  public BigDecimal cost(TokenCount tokens) {
    return ratesOf(tokens.prompt()).cost(tokens);
  }

  /** The price of a batch, which vendors sell at half the usual rates. */
  public Price ofBatch() {
    return new Price(
        rates.half(),
        tiers.stream().map(tier -> new Tier(tier.above(), tier.rates().half())).toList(),
        known);
  }

  /** The most that a call with so many tokens may cost, whatever is cached. */
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

  /** Formats US dollars as a plain decimal, without exponent and trailing zeros. */
  public static String plain(BigDecimal amount) {
    return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
  }
}
