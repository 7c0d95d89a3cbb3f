package dev.concert.ensemble.limit;

/**
 * A limit of requests and tokens per minute.
 *
 * @param requests calls per minute, 1 to {@link #MOST}
 * @param tokens tokens per minute, those of the prompt and of the answer, 1 to {@link #MOST}
 */
public record RateLimit(long requests, long tokens) {
  /**
   * The largest limit, which means none. A counter has 32 bits, of which the highest is a guard.
   */
  public static final long MOST = Integer.MAX_VALUE;

  public static final RateLimit NONE = new RateLimit(MOST, MOST);

  public RateLimit {
    check("requests", requests);
    check("tokens", tokens);
  }

  /** Whether requests or tokens are limited. */
  public boolean limits() {
    return requests < MOST || tokens < MOST;
  }

  Quota amount() {
    return new Quota(requests, tokens);
  }

  private static void check(String name, long value) {
    if (value < 1 || value > MOST) {
      throw new IllegalArgumentException(
          "%s per minute: must be from 1 to %d, was %d".formatted(name, MOST, value));
    }
  }
}
