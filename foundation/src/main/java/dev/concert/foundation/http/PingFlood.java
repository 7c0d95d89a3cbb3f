package dev.concert.foundation.http;

/** Counts the pings of a connection. Used on its context. */
final class PingFlood {
  private static final int PINGS = 1000;
  private static final long WINDOW_NANOS = 10_000_000_000L;

  private long began = System.nanoTime();
  private int count;

  /** Counts a ping; whether more than 1,000 came in ten seconds. */
  boolean isOver() {
    long now = System.nanoTime();
    if (now - began > WINDOW_NANOS) {
      began = now;
      count = 0;
    }
    return ++count > PINGS;
  }
}
