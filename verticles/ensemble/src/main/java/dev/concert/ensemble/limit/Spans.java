package dev.concert.ensemble.limit;

/**
 * How long things take between nodes, in milliseconds.
 *
 * @param window over which limits are counted
 * @param missed after it a node that is not seen is gone; one that was away for less goes on
 * @param alone so long after Redis was found empty a node does not yet take itself to be alone
 * @param played whether Redis goes by the clock of its nodes and not by its own, for tests
 */
record Spans(long window, long missed, long alone, boolean played) {
  static final Spans USUAL = new Spans(RateLimiter.WINDOW_MS, 90_000, 1_500, false);

  /** Until nothing counts any more of what was used. */
  long windowAndSlice() {
    return window + window / SlidingCount.SLICES;
  }
}
