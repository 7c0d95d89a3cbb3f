package dev.concert.ensemble.budget;

import java.math.BigDecimal;

/**
 * How much may be spent in a period.
 *
 * @param amount US dollars, 0 or more, exact
 */
public record Budget(BigDecimal amount, BudgetPeriod period) {
  public Budget {
    if (amount.signum() < 0) {
      throw new IllegalArgumentException("A budget must not be negative");
    }
  }
}
