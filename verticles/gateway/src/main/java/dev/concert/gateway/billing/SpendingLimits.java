package dev.concert.gateway.billing;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * The most that a tenant may spend, in US dollars; empty means no limit.
 *
 * @param perTurn for one turn
 * @param perDay for the turns that begin on one day, UTC
 * @param perMonth for the turns that begin in one month, UTC
 */
public record SpendingLimits(
    Optional<BigDecimal> perTurn, Optional<BigDecimal> perDay, Optional<BigDecimal> perMonth) {
  public static final SpendingLimits NONE =
      new SpendingLimits(Optional.empty(), Optional.empty(), Optional.empty());
}
