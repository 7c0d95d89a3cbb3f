package dev.concert.ensemble.limit;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

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

  /** In the sixty seconds that end now. */
  long lately() {
    long now = clock.getAsLong();
    return times.stream().filter(time -> now - time < MINUTE).count();
  }

  long all() {
    return times.size();
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
