package dev.concert.testing;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition. The bound is long: a busy machine must not trip it. */
public final class Await {
  private static final long TIMEOUT_NANOS = 120_000_000_000L;
  private static final long PAUSE_NANOS = 2_000_000;

  private Await() {}

  /** Returns when the condition holds. Fails after two minutes. */
  public static void until(BooleanSupplier condition) {
    until("the condition", condition);
  }

  /**
   * Returns when the condition holds. Fails after two minutes.
   *
   * @param what names the condition in the failure
   */
  public static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TIMEOUT_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("Timed out after 2 minutes while waiting for " + what);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
