package dev.concert.testing;

import static org.assertj.core.api.Assertions.fail;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what will be true soon. */
public final class Await {
  private static final long PATIENCE_NANOS = 30_000_000_000L;
  private static final long PAUSE_NANOS = 2_000_000;

  private Await() {}

  /** Returns when the condition holds; fails after 30 s. */
  public static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        fail("It did not become true within 30 s");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
