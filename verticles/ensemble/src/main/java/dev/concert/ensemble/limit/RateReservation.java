package dev.concert.ensemble.limit;

import java.util.concurrent.atomic.AtomicBoolean;

/** What a call took of a limit before it was made. Settled once. Thread-safe. */
public final class RateReservation {
  private final Window window;
  private final Slice slice;
  private final long estimate;
  private final AtomicBoolean settled = new AtomicBoolean();

  RateReservation(Window window, Slice slice, long estimate) {
    this.window = window;
    this.slice = slice;
    this.estimate = estimate;
  }

  /** The call has ended: what it really used counts, at the time at which it began. */
  public void settle(long tokens) {
    if (settled.compareAndSet(false, true)) {
      window.settle(slice, estimate, tokens);
    }
  }

  /** The call was not made after all. */
  public void giveBack() {
    if (settled.compareAndSet(false, true)) {
      window.giveBack(slice, estimate);
    }
  }
}
