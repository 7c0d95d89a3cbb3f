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
 * Enforces budgets: reserves the estimated cost of a call before it is made and replaces it by the
 * real cost afterwards.
 *
 * <p>A call may cost more than its estimate; then later calls are refused. Thread-safe; never
 * blocks.
 */
public final class Budgets {
  private final Clock clock;
  private final SpendingTotals spending = new SpendingTotals();
  private final AtomicReference<String> day = new AtomicReference<>("");

  public Budgets(Clock clock) {
    this.clock = clock;
  }

  /** Sets what was spent before this process started. */
  public void load(String account, String period, BigDecimal spent) {
    spending.load(new SpendingTotals.Entry(account, period), spent);
  }

  /**
   * Reserves an amount for a call, in all accounts or in none.
   *
   * @throws ConcertException {@code BUDGET_EXCEEDED} naming the account, what is left of its budget
   *     and when the next period begins
   */
  public BudgetReservation reserve(List<BudgetAccount> accounts, BigDecimal estimate) {
    Instant now = clock.instant();
    forgetWhatIsOver(now);
    List<SpendingTotals.Entry> held = new ArrayList<>();
    for (BudgetAccount account : accounts) {
      if (account.budget().isEmpty()) {
        continue;
      }
      Budget budget = account.budget().get();
      SpendingTotals.Entry entry = new SpendingTotals.Entry(account.id(), budget.period().at(now));
      if (!spending.reserve(entry, estimate, budget.amount())) {
        held.forEach(other -> spending.settle(other, estimate, BigDecimal.ZERO));
        throw exceeded(account, estimate, now, BigDecimal.ZERO);
      }
      held.add(entry);
    }
    return new BudgetReservation(
        spending, held, accounts.stream().map(BudgetAccount::id).toList(), now, estimate);
  }

  /** The US dollars that an account has spent in the current period. */
  public BigDecimal spent(String account, BudgetPeriod period) {
    return spending.spent(new SpendingTotals.Entry(account, period.at(clock.instant())));
  }

  /** What this node has spent and reserved of a budget in its current period. */
  SpendingTotals.Sum sum(BudgetAccount account, Instant now) {
    return spending.sum(
        new SpendingTotals.Entry(account.id(), account.budget().orElseThrow().period().at(now)));
  }

  /**
   * The refusal of a call.
   *
   * @param cost what it might cost
   * @param elsewhere what is taken from what this node believes to be left
   */
  ConcertException exceeded(
      BudgetAccount account, BigDecimal cost, Instant now, BigDecimal elsewhere) {
    Budget budget = account.budget().orElseThrow();
    SpendingTotals.Entry entry = new SpendingTotals.Entry(account.id(), budget.period().at(now));
    Optional<Instant> anew = budget.period().end(now);
    String sentence =
        "The budget of this %s, $%s %s, has $%s left and the call might cost $%s; %s."
            .formatted(
                account.describe(),
                Price.plain(budget.amount()),
                WORDS.get(budget.period()),
                Price.plain(
                    spending.left(entry, budget.amount().subtract(elsewhere)).max(BigDecimal.ZERO)),
                Price.plain(cost),
                anew.map(end -> "it resets at " + end).orElse("it does not reset"));
    return anew.map(end -> Duration.between(now, end).toMillis())
        .map(ms -> ConcertException.retryAfter(ErrorCode.BUDGET_EXCEEDED, sentence, ms))
        .orElseGet(() -> new ConcertException(ErrorCode.BUDGET_EXCEEDED, sentence));
  }

  /** Once a day, by the first call of the day. */
  private void forgetWhatIsOver(Instant now) {
    String today = BudgetPeriod.DAY.at(now);
    if (!today.equals(day.getAndSet(today))) {
      spending.keep(BudgetPeriod.allAt(now));
    }
  }

  private static final Map<BudgetPeriod, String> WORDS =
      Map.of(
          BudgetPeriod.DAY, "a day", BudgetPeriod.MONTH, "a month", BudgetPeriod.TOTAL, "in total");
}
