package dev.concert.ensemble.budget;

import dev.concert.ensemble.model.Price;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

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
  private final AtomicReference<String> day = new AtomicReference<>("");

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
   * @throws ConcertException {@code BUDGET_EXCEEDED} naming the account whose budget it is, what is
   *     left of it and when it begins anew
   */
  public BudgetReservation reserve(List<Account> accounts, BigDecimal estimate) {
    Instant now = clock.instant();
    forgetWhatIsOver(now);
    List<Spending.Entry> held = new ArrayList<>();
    for (Account account : accounts) {
      if (account.budget().isEmpty()) {
        continue;
      }
      Budget budget = account.budget().get();
      Spending.Entry entry = new Spending.Entry(account.id(), budget.period().at(now));
      if (!spending.reserve(entry, estimate, budget.amount())) {
        held.forEach(other -> spending.settle(other, estimate, BigDecimal.ZERO));
        throw spentUp(account, budget, estimate, now);
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

  private ConcertException spentUp(Account account, Budget budget, BigDecimal cost, Instant now) {
    Spending.Entry entry = new Spending.Entry(account.id(), budget.period().at(now));
    Optional<Instant> anew = budget.period().end(now);
    String sentence =
        "The budget of this %s, $%s %s, has $%s left and the call might cost $%s; %s."
            .formatted(
                account.id().substring(0, account.id().indexOf(':')),
                Price.plain(budget.amount()),
                WORDS.get(budget.period()),
                Price.plain(spending.left(entry, budget.amount())),
                Price.plain(cost),
                anew.map(end -> "it begins anew at " + end).orElse("it does not begin anew"));
    return anew.map(end -> Duration.between(now, end).toMillis())
        .map(ms -> ConcertException.retryAfter(ErrorCode.BUDGET_EXCEEDED, sentence, ms))
        .orElseGet(() -> new ConcertException(ErrorCode.BUDGET_EXCEEDED, sentence));
  }

  /** Once a day, by whichever call is the first of it. */
  private void forgetWhatIsOver(Instant now) {
    String today = Period.DAY.at(now);
    if (!today.equals(day.getAndSet(today))) {
      spending.keep(Period.allAt(now));
    }
  }

  private static final Map<Period, String> WORDS =
      Map.of(Period.DAY, "a day", Period.MONTH, "a month", Period.TOTAL, "in total");
}
