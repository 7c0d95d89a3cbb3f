package dev.concert.ensemble.limit;

/**
 * The times of limit sharing, in milliseconds.
 *
 * @param window the time over which limits are counted
 * @param missed a node that is not seen for so long is gone; one that was away for less continues
 * @param alone how long after Redis was found empty a node does not yet assume that it is alone
 * @param played for tests: Redis uses the clock of the nodes and not its own
 */
record LimitTimings(long window, long missed, long alone, boolean played) {
  static final LimitTimings USUAL = new LimitTimings(RateLimiter.WINDOW_MS, 90_000, 1_500, false);

  /** The time until nothing that was used counts any more. */
  long windowAndBucket() {
    return window + window / SlidingCounter.BUCKETS;
  }
}
