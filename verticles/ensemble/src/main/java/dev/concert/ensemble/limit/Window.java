package dev.concert.ensemble.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The counters of one minute, both in one word: tokens in the upper 32 bits, requests in the lower.
 *
 * <p>One compare-and-set decides about both, so no call is counted by halves. Thread-safe.
 */
final class Window {
  static final long LENGTH_MS = 60_000;
  private static final int TOKENS = 32;
  private static final long REQUESTS = 0xFFFF_FFFFL;

  private final long number;
  private final AtomicLong packed = new AtomicLong();

  /**
   * @param number minutes since the epoch
   */
  Window(long number) {
    this.number = number;
  }

  long number() {
    return number;
  }

  /** Counts a call, or leaves the counters alone where it does not fit any more. */
  boolean take(RateLimit limit, long tokens) {
    while (true) {
      long seen = packed.get();
      if (requests(seen) + 1 > limit.requests() || tokens(seen) + tokens > limit.tokens()) {
        return false;
      }
      if (packed.compareAndSet(seen, pack(tokens(seen) + tokens, requests(seen) + 1))) {
        return true;
      }
    }
  }

  /** Puts the real count in the place of the estimate; it may go beyond the limit. */
  void settle(long estimate, long real) {
    packed.updateAndGet(
        seen ->
            pack(Math.clamp(tokens(seen) - estimate + real, 0, RateLimit.MOST), requests(seen)));
  }

  /** Takes a call out again that never was made. */
  void giveBack(long estimate) {
    packed.updateAndGet(
        seen -> pack(Math.max(0, tokens(seen) - estimate), Math.max(0, requests(seen) - 1)));
  }

  long requests() {
    return requests(packed.get());
  }

  long tokens() {
    return tokens(packed.get());
  }

  private static long requests(long word) {
    return word & REQUESTS;
  }

  private static long tokens(long word) {
    return word >>> TOKENS;
  }

  private static long pack(long tokens, long requests) {
    return tokens << TOKENS | requests;
  }
}
