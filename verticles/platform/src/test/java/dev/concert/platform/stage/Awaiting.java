package dev.concert.platform.stage;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what only looking tells: a process that ends, a mount that goes. */
public final class Awaiting {
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private Awaiting() {}

  /** Returns as soon as the condition holds; fails when it does not in time. */
  public static void that(String what, Duration patience, BooleanSupplier condition) {
    long end = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("Waited %s in vain for %s".formatted(patience, what));
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }
}
