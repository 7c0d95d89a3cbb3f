package dev.concert.ensemble.limit;

import java.util.concurrent.atomic.AtomicBoolean;

/** What a call took of its minute before it was made. Settled once. Thread-safe. */
public final class RateReservation {
  private final Window window;
  private final long estimate;
  private final AtomicBoolean settled = new AtomicBoolean();

  RateReservation(Window window, long estimate) {
    this.window = window;
    this.estimate = estimate;
  }

  /** The call has ended: what it really used counts, in the minute it began in. */
  public void settle(long tokens) {
    if (settled.compareAndSet(false, true)) {
      window.settle(estimate, tokens);
    }
  }

  /** The call was not made after all. */
  public void giveBack() {
    if (settled.compareAndSet(false, true)) {
      window.giveBack(estimate);
    }
  }
}
