package dev.concert.gateway;

import static org.assertj.core.api.Assertions.fail;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what will be true soon. */
final class Await {
  private Await() {}

  static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        fail("It did not become true within 10 s");
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}
