package dev.concert.ensemble.allowance;

import io.vertx.core.Future;
import java.math.BigDecimal;

/** Extends the reservations of turns. */
@FunctionalInterface
public interface Reservations {
  /**
   * Has the reservation of a turn extended.
   *
   * @param total what has to be reserved for the turn, US dollars
   * @return what is reserved then; fails with {@code INSUFFICIENT_CREDITS}
   */
  Future<BigDecimal> extend(TurnAllowance turn, BigDecimal total);
}
