package dev.concert.ensemble.budget;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The amount reserved for a call in progress. Settled once. Thread-safe. */
public final class BudgetReservation {
  private final SpendingTotals spending;
  private final List<SpendingTotals.Entry> held;
  private final List<String> accounts;
  private final Instant began;
  private final BigDecimal estimate;
  private final AtomicBoolean settled = new AtomicBoolean();

  BudgetReservation(
      SpendingTotals spending,
      List<SpendingTotals.Entry> held,
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
   * Replaces the reservation by the real cost, in the periods in which the call began.
   *
   * @param cost US dollars; 0 if the call was not made
   */
  public void settle(BigDecimal cost) {
    if (!settled.compareAndSet(false, true)) {
      return;
    }
    for (String account : accounts) {
      for (BudgetPeriod period : BudgetPeriod.values()) {
        SpendingTotals.Entry entry = new SpendingTotals.Entry(account, period.at(began));
        spending.settle(entry, held.contains(entry) ? estimate : BigDecimal.ZERO, cost);
      }
    }
  }
}
