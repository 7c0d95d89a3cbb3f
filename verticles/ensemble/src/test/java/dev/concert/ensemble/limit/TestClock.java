package dev.concert.ensemble.limit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Goes as fast as the real one, and can be moved on. Thread-safe. */
final class TestClock implements LongSupplier {
  private static final long MINUTE = 60_000;

  private final AtomicLong ahead = new AtomicLong();

  @Override
  public long getAsLong() {
    return System.currentTimeMillis() + ahead.get();
  }

  /** The current one, since the epoch. */
  long minute() {
    return getAsLong() / MINUTE;
  }

  /** To a second of the current minute, or of the next one where that is past. */
  void moveTo(int second) {
    long wanted = second * 1_000L - getAsLong() % MINUTE;
    ahead.addAndGet(wanted <= 0 ? wanted + MINUTE : wanted);
  }
}
