package dev.concert.gateway.billing;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import java.math.BigDecimal;

/** Says what is missing when credit does not suffice. */
final class InsufficientCredits {
  private InsufficientCredits() {}

  static ConcertException ofBalance(CreditAccount account, BigDecimal needed) {
    return refusal(
        "The credit of this tenant does not suffice: %s USD is needed, and %s USD is free of a balance of %s USD."
            .formatted(Usd.plain(needed), Usd.plain(account.free()), Usd.plain(account.balance())),
        account,
        needed);
  }

  /**
   * @param period what the limit is for: a turn, a day, a month
   * @param left what is left of it
   */
  static ConcertException ofLimit(
      CreditAccount account, String period, BigDecimal limit, BigDecimal left, BigDecimal needed) {
    return refusal(
        "This tenant spends at most %s USD for a %s, of which %s USD is left, and %s USD is needed."
            .formatted(Usd.plain(limit), period, Usd.plain(left), Usd.plain(needed)),
        account,
        needed);
  }

  private static ConcertException refusal(
      String sentence, CreditAccount account, BigDecimal needed) {
    return new Problem(ErrorCode.INSUFFICIENT_CREDITS, sentence)
        .withDetails(
            "balance: %s%nreserved: %s%nneeded: %s%ncurrency: %s"
                .formatted(
                    Usd.plain(account.balance()),
                    Usd.plain(account.reserved()),
                    Usd.plain(needed),
                    Usd.CURRENCY))
        .toException();
  }
}
