package dev.concert.ensemble.budget;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** What is kept back for a call under way. Settled once. Thread-safe. */
public final class BudgetReservation {
  private final Spending spending;
  private final List<Spending.Entry> held;
  private final List<String> accounts;
  private final Instant began;
  private final BigDecimal estimate;
  private final AtomicBoolean settled = new AtomicBoolean();

  BudgetReservation(
      Spending spending,
      List<Spending.Entry> held,
      List<String> accounts,
      Instant began,
      BigDecimal estimate) {
    this.spending = spending;
    this.held = List.copyOf(held);
    this.accounts = List.copyOf(accounts);
    this.began = began;
    this.estimate = estimate;
  }

  /**
   * The call has cost so much, which counts in the periods it began in.
   *
   * @param cost US dollars; 0 where it was not made
   */
  public void settle(BigDecimal cost) {
    if (!settled.compareAndSet(false, true)) {
      return;
    }
    for (String account : accounts) {
      for (Period period : Period.values()) {
        Spending.Entry entry = new Spending.Entry(account, period.at(began));
        spending.settle(entry, held.contains(entry) ? estimate : BigDecimal.ZERO, cost);
      }
    }
  }
}
