package dev.concert.testing;

import java.time.Duration;
import java.util.function.IntFunction;

/**
 * Holds a fast step to its bound on a busy machine: the fastest of a few rounds counts. The machine
 * delays some rounds, a defect delays all of them.
 */
public final class Fastest {
  private static final int ROUNDS = 8;

  private Fastest() {}

  /**
   * Runs rounds until one takes less than the bound. Fails with the fastest after eight.
   *
   * @param round gets its number, from 1, and returns how long the step took
   */
  public static void isWithin(Duration bound, IntFunction<Duration> round) {
    Duration fastest = null;
    for (int number = 1; number <= ROUNDS; number++) {
      Duration taken = round.apply(number);
      if (taken.compareTo(bound) < 0) {
        return;
      }
      fastest = fastest == null || taken.compareTo(fastest) < 0 ? taken : fastest;
    }
    throw new AssertionError(
        "The fastest of %d rounds took %s, not less than %s".formatted(ROUNDS, fastest, bound));
  }

  /** How long the work takes. */
  public static Duration time(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
