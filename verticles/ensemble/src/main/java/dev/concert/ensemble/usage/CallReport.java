package dev.concert.ensemble.usage;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.model.Price;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.model.TokenCount;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * What a call was once it has ended, however it did.
 *
 * @param endpoint which way to which provider was asked last
 * @param attempts how many endpoints were asked
 * @param tokens {@link TokenCount#NONE} where nobody is charged
 * @param outcome how it ended: a finish reason or the code of an error, in small letters
 */
public record CallReport(
    Caller caller,
    ServedModel model,
    String endpoint,
    int attempts,
    TokenCount tokens,
    String outcome,
    Times times) {

  /**
   * When it was what.
   *
   * @param firstBlock empty when there was none
   */
  public record Times(Instant started, Optional<Instant> firstBlock, Instant ended) {}

  /** US dollars, exact. */
  public BigDecimal cost() {
    return model.price().cost(tokens);
  }

  /** The cost as it goes over the wire. */
  public String plainCost() {
    return Price.plain(cost());
  }

  /** Whether anybody is charged for it. */
  public boolean used() {
    return !tokens.equals(TokenCount.NONE);
  }
}
