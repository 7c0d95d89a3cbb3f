package dev.concert.ensemble.limit;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** When calls came to a model, and how many of them in a stretch of time. */
final class Arrivals {
  private static final long MINUTE = 60_000;

  private final Queue<Long> times = new ConcurrentLinkedQueue<>();
  private final TestClock clock;

  Arrivals(TestClock clock) {
    this.clock = clock;
  }

  void add() {
    times.add(clock.getAsLong());
  }

  /** In the current minute of the clock. */
  long now() {
    long minute = clock.minute();
    return times.stream().filter(time -> time / MINUTE == minute).count();
  }

  /** The most in any minute of the clock. */
  long mostInAMinute() {
    return times.stream()
        .collect(Collectors.groupingBy(time -> time / MINUTE, Collectors.counting()))
        .values()
        .stream()
        .mapToLong(Long::longValue)
        .max()
        .orElse(0);
  }

  /** The most in any 60 seconds, wherever they begin. */
  long mostInSixtySeconds() {
    long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
    long most = 0;
    int from = 0;
    for (int to = 0; to < sorted.length; to++) {
      while (sorted[to] - sorted[from] >= MINUTE) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    return most;
  }
}
