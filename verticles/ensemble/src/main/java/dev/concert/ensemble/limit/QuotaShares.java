package dev.concert.ensemble.limit;

/** This node's share of the limits, and how it gets more. Thread-safe. */
interface QuotaShares {
  /** For a single node. */
  QuotaShares ALONE =
      new QuotaShares() {
        @Override
        public ShareRule now() {
          return ShareRule.ALONE;
        }

        @Override
        public void isShort(RateLimiter limiter) {
          // There is no other node to get more from.
        }
      };

  /** The current rule; the same object until it changes. */
  ShareRule now();

  /**
   * Notes that a limiter needs more than it has. Returns at once and may be called for every
   * request.
   */
  void isShort(RateLimiter limiter);
}
