package dev.concert.ensemble.limit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Goes as fast as the real one, and can be moved on. Thread-safe. */
final class TestClock implements LongSupplier {
  private final AtomicLong ahead = new AtomicLong();

  @Override
  public long getAsLong() {
    return System.currentTimeMillis() + ahead.get();
  }

  void advance(long millis) {
    ahead.addAndGet(millis);
  }
}
