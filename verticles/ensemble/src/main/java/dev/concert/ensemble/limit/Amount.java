package dev.concert.ensemble.limit;

/**
 * So many calls and so many tokens, each counted by itself.
 *
 * <p>Where one compare-and-set has to decide about both, they are one word: tokens in the upper 32
 * bits, requests in the lower.
 */
record Amount(long requests, long tokens) {
  static final Amount NONE = new Amount(0, 0);

  private static final int TOKENS = 32;
  private static final long REQUESTS = 0xFFFF_FFFFL;

  static Amount ofWord(long word) {
    return new Amount(word & REQUESTS, word >>> TOKENS);
  }

  /** Sums and differences of words are those of the amounts, while none of both goes below 0. */
  long word() {
    return tokens << TOKENS | requests;
  }

  Amount plus(Amount other) {
    return new Amount(requests + other.requests, tokens + other.tokens);
  }

  Amount minus(Amount other) {
    return new Amount(requests - other.requests, tokens - other.tokens);
  }

  Amount times(long factor) {
    return new Amount(requests * factor, tokens * factor);
  }

  Amount atMost(Amount bound) {
    return new Amount(Math.min(requests, bound.requests), Math.min(tokens, bound.tokens));
  }

  Amount orMore(Amount bound) {
    return new Amount(Math.max(requests, bound.requests), Math.max(tokens, bound.tokens));
  }

  boolean fits(Amount bound) {
    return requests <= bound.requests && tokens <= bound.tokens;
  }

  boolean atLeast(Amount bound) {
    return bound.fits(this);
  }

  boolean isNothing() {
    return requests == 0 && tokens == 0;
  }
}
