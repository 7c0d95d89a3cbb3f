package dev.concert.ensemble.limit;

/** Which part of a limit this node may use of its own, and who gets it more. Thread-safe. */
interface Shares {
  /** There are no other nodes. */
  Shares ALONE =
      new Shares() {
        @Override
        public Split now() {
          return Split.ALONE;
        }

        @Override
        public void isShort(RateLimiter limiter) {
          // Nobody else has any.
        }
      };

  /** The same object until it changes. */
  Split now();

  /** Little is left to the limiter here. Returns at once, and may be called with every request. */
  void isShort(RateLimiter limiter);
}
