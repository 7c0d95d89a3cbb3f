package dev.concert.ensemble.limit;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Counts the calls and tokens of one key or one endpoint by the minute.
 *
 * <p>A minute is one of the clock, so that nodes agree on it. Lock-free and never waits: it is on
 * the path of every request.
 */
public final class RateLimiter {
  private final LongSupplier clockMillis;
  private final AtomicReference<Window> current;

  public RateLimiter(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
    this.current = new AtomicReference<>(new Window(minute(clockMillis.getAsLong())));
  }

  /**
   * Takes one call and its estimated tokens of the current minute, both or neither.
   *
   * @param limit given anew with each call, so that a changed one holds at once
   * @param tokens an estimate, 0 or more
   */
  public RateDecision reserve(RateLimit limit, long tokens) {
    long now = clockMillis.getAsLong();
    if (tokens > limit.tokens()) {
      return new RateDecision.Refused("tokens", 0);
    }
    Window window = window(now);
    if (!window.take(limit, tokens)) {
      String what = window.requests() >= limit.requests() ? "requests" : "tokens";
      return new RateDecision.Refused(what, Window.LENGTH_MS - now % Window.LENGTH_MS);
    }
    return new RateDecision.Granted(
        new RateReservation(window, tokens),
        Math.max(0, limit.requests() - window.requests()),
        Math.max(0, limit.tokens() - window.tokens()));
  }

  /** Calls of this minute. */
  public long requests() {
    return window(clockMillis.getAsLong()).requests();
  }

  /** Tokens of this minute, estimates of calls under way included. */
  public long tokens() {
    return window(clockMillis.getAsLong()).tokens();
  }

  /** A clock that was set back does not bring a past minute back. */
  private Window window(long now) {
    Window seen = current.get();
    long minute = minute(now);
    if (minute <= seen.number()) {
      return seen;
    }
    Window fresh = new Window(minute);
    return current.compareAndSet(seen, fresh) ? fresh : current.get();
  }

  private static long minute(long millis) {
    return Math.floorDiv(millis, Window.LENGTH_MS);
  }
}
