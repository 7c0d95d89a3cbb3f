package dev.concert.ensemble.limit;

/**
 * A number of calls and a number of tokens, counted separately.
 *
 * <p>To decide about both with one compare-and-set, they are packed into one word: tokens in the
 * upper 32 bits, requests in the lower.
 */
record Quota(long requests, long tokens) {
  static final Quota NONE = new Quota(0, 0);

  private static final int TOKENS = 32;
  private static final long REQUESTS = 0xFFFF_FFFFL;

  static Quota ofWord(long word) {
    return new Quota(word & REQUESTS, word >>> TOKENS);
  }

  /**
   * Both numbers in one word. Words can be added and subtracted as long as neither number goes
   * below 0.
   */
  long word() {
    return tokens << TOKENS | requests;
  }

  Quota plus(Quota other) {
    return new Quota(requests + other.requests, tokens + other.tokens);
  }

  Quota minus(Quota other) {
    return new Quota(requests - other.requests, tokens - other.tokens);
  }

  Quota times(long factor) {
    return new Quota(requests * factor, tokens * factor);
  }

  Quota atMost(Quota bound) {
    return new Quota(Math.min(requests, bound.requests), Math.min(tokens, bound.tokens));
  }

  Quota orMore(Quota bound) {
    return new Quota(Math.max(requests, bound.requests), Math.max(tokens, bound.tokens));
  }

  boolean fits(Quota bound) {
    return requests <= bound.requests && tokens <= bound.tokens;
  }

  boolean atLeast(Quota bound) {
    return bound.fits(this);
  }

  boolean isNothing() {
    return requests == 0 && tokens == 0;
  }
}
