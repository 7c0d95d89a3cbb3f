package dev.concert.gateway.billing;

import dev.concert.protocol.ServerEvent.BalanceUpdate;
import java.math.BigDecimal;

/**
 * The state of a tenant's account, in US dollars. Always {@code 0 <= reserved <= balance} and
 * {@code 0 <= owed}.
 *
 * @param billed whether turns of the tenant need credit
 * @param balance what was paid in and is not spent
 * @param reserved the part of the balance that is held for turns in progress
 * @param owed what calls cost beyond the balance; the next top-up pays it first
 */
public record CreditAccount(
    boolean billed,
    BigDecimal balance,
    BigDecimal reserved,
    BigDecimal owed,
    SpendingLimits limits) {
  static final CreditAccount NONE =
      new CreditAccount(
          false, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, SpendingLimits.NONE);

  public CreditAccount {
    if (reserved.signum() < 0 || owed.signum() < 0 || balance.compareTo(reserved) < 0) {
      throw new IllegalStateException(
          "An account of balance %s, reserved %s, owed %s"
              .formatted(balance.toPlainString(), reserved.toPlainString(), owed.toPlainString()));
    }
  }

  /** What can be reserved. */
  BigDecimal free() {
    return balance.subtract(reserved);
  }

  /** This account as the event that clients receive. */
  public BalanceUpdate update() {
    return new BalanceUpdate(Usd.plain(balance), Usd.plain(reserved), Usd.CURRENCY);
  }

  /** This account after an entry of this kind. */
  CreditAccount after(CreditEntry.Kind kind, BigDecimal amount) {
    return switch (kind) {
      case TOP_UP -> with(balance.add(amount), reserved, owed);
      case RESERVE, EXTEND -> with(balance, reserved.add(amount), owed);
      case RELEASE -> with(balance, reserved.subtract(amount), owed);
      case SETTLE -> with(balance.subtract(amount), reserved, owed);
      case OWE -> with(balance.add(amount), reserved, owed.add(amount));
      case REPAY -> with(balance.subtract(amount), reserved, owed.subtract(amount));
    };
  }

  private CreditAccount with(BigDecimal newBalance, BigDecimal newReserved, BigDecimal newOwed) {
    return new CreditAccount(billed, newBalance, newReserved, newOwed, limits);
  }
}
