package dev.concert.foundation.clock;

import java.util.concurrent.TimeUnit;

/**
 * Measures waits, pauses and silence. The system's clock must not: somebody may set it, and after a
 * laptop has slept it is hours later for agents and clients that had no time to do anything. On
 * Linux this clock stands still meanwhile. Thread-safe.
 */
public final class SteadyClock {
  private static final long ORIGIN = System.nanoTime();

  private SteadyClock() {}

  /** Milliseconds since a moment at the start of this process; never negative, never less. */
  public static long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - ORIGIN);
  }
}
