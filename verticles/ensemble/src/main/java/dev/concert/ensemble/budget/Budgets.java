package dev.concert.ensemble.budget;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Holds accounts to their budgets: the estimate of a call is kept back before it is made, and its
 * real cost put in that place afterwards.
 *
 * <p>A call may cost more than its estimate; then the next one is refused. Thread-safe; never
 * blocks.
 */
public final class Budgets {
  private final Clock clock;
  private final Spending spending = new Spending();

  public Budgets(Clock clock) {
    this.clock = clock;
  }

  /** Sets what was spent before this process began. */
  public void load(String account, String period, BigDecimal spent) {
    spending.load(new Spending.Entry(account, period), spent);
  }

  /**
   * Keeps an amount back for a call, in all accounts or in none.
   *
   * @throws ConcertException {@code INSUFFICIENT_CREDITS} naming the account whose budget it is
   */
  public BudgetReservation reserve(List<Account> accounts, BigDecimal estimate) {
    Instant now = clock.instant();
    List<Spending.Entry> held = new ArrayList<>();
    for (Account account : accounts) {
      if (account.budget().isEmpty()) {
        continue;
      }
      Budget budget = account.budget().get();
      Spending.Entry entry = new Spending.Entry(account.id(), budget.period().at(now));
      if (!spending.reserve(entry, estimate, budget.amount())) {
        held.forEach(other -> spending.settle(other, estimate, BigDecimal.ZERO));
        throw spentUp(account, budget);
      }
      held.add(entry);
    }
    return new BudgetReservation(
        spending, held, accounts.stream().map(Account::id).toList(), now, estimate);
  }

  /** US dollars that an account has spent in the current period of this kind. */
  public BigDecimal spent(String account, Period period) {
    return spending.spent(new Spending.Entry(account, period.at(clock.instant())));
  }

  private static ConcertException spentUp(Account account, Budget budget) {
    return new ConcertException(
        ErrorCode.INSUFFICIENT_CREDITS,
        "The budget of this %s is used up (%s); the call might cost more than is left."
            .formatted(
                account.id().substring(0, account.id().indexOf(':')), WORDS.get(budget.period())));
  }

  private static final Map<Period, String> WORDS =
      Map.of(Period.DAY, "per day", Period.MONTH, "per month", Period.TOTAL, "in total");
}
