package dev.concert.bus;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The time that a request has left. It travels as a duration (header {@code time-left}, ms): the
 * clocks of two hosts need not agree. Inside one JVM it also travels as a point of {@link
 * System#nanoTime} (header {@code expires}), so that the time in a queue counts.
 */
record TimeLeft(long endNanos) {
  private static final String TIME_LEFT = "time-left";
  private static final String EXPIRES = "expires";

  /** Names this JVM: the nanoseconds of another one mean nothing here. */
  private static final String JVM = UUID.randomUUID() + ":";

  static TimeLeft of(Duration timeout) {
    return new TimeLeft(System.nanoTime() + timeout.toNanos());
  }

  /** What a message's headers say, from now on. */
  static TimeLeft of(MultiMap headers) {
    String expires = headers.get(EXPIRES);
    if (expires != null && expires.startsWith(JVM)) {
      return new TimeLeft(Long.parseLong(expires.substring(JVM.length())));
    }
    String left = headers.get(TIME_LEFT);
    return left == null
        ? of(Duration.ofDays(1))
        : of(Duration.ofMillis(Math.max(0, Long.parseLong(left))));
  }

  void into(MultiMap headers) {
    headers.set(TIME_LEFT, Long.toString(millis()));
    headers.set(EXPIRES, JVM + endNanos);
  }

  /** Milliseconds, rounded up; 0 or less when there is none. */
  long millis() {
    long nanos = endNanos - System.nanoTime();
    return TimeUnit.NANOSECONDS.toMillis(nanos + TimeUnit.MILLISECONDS.toNanos(1) - 1);
  }

  boolean isOver() {
    return endNanos - System.nanoTime() <= 0;
  }
}
