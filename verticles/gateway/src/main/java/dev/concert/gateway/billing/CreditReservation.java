package dev.concert.gateway.billing;

import java.math.BigDecimal;

/**
 * Credit that is held for a turn.
 *
 * @param amount US dollars, extensions included
 * @param began when the turn began, in milliseconds since the epoch; its spending counts to that
 *     day and month
 */
record CreditReservation(String turnId, String sessionId, BigDecimal amount, long began) {

  /** This reservation, as far as the limit of a turn allows. */
  CreditReservation within(SpendingLimits limits) {
    return withAmount(limits.perTurn().map(amount::min).orElse(amount));
  }

  CreditReservation withAmount(BigDecimal other) {
    return new CreditReservation(turnId, sessionId, other, began);
  }
}
