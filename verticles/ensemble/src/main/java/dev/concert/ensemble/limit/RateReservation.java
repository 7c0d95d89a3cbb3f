package dev.concert.ensemble.limit;

import java.util.concurrent.atomic.AtomicBoolean;

/** What a call has reserved of a limit. Settled once. Thread-safe. */
public final class RateReservation {
  private final QuotaWindow window;
  private final TimeBucket bucket;
  private final long estimate;
  private final AtomicBoolean settled = new AtomicBoolean();

  RateReservation(QuotaWindow window, TimeBucket bucket, long estimate) {
    this.window = window;
    this.bucket = bucket;
    this.estimate = estimate;
  }

  /** Replaces the estimate by the real tokens, counted at the time at which the call began. */
  public void settle(long tokens) {
    if (settled.compareAndSet(false, true)) {
      window.settle(bucket, estimate, tokens);
    }
  }

  /** Returns the reservation, because the call is not made. */
  public void giveBack() {
    if (settled.compareAndSet(false, true)) {
      window.giveBack(bucket, estimate);
    }
  }
}
