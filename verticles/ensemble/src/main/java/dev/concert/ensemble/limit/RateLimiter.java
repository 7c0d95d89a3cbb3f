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
  /** To ask the other nodes again makes sense after so long. */
  static final long SHARE_RETRY_MS = 1_000;

  private static final Window NEVER = new Window(Long.MIN_VALUE, RateLimit.NONE, Split.ALONE);

  /** With less than this part of a share left it is time to ask for more. */
  private static final long SHORT = 4;

  private final String subject;
  private final LongSupplier clockMillis;
  private final Shares shares;
  private final AtomicReference<Window> current = new AtomicReference<>(NEVER);

  /** Of a node that is alone. */
  public RateLimiter(LongSupplier clockMillis) {
    this("", clockMillis, Shares.ALONE);
  }

  /**
   * @param subject whose limit this is, by a name that is the same on all nodes
   */
  RateLimiter(String subject, LongSupplier clockMillis, Shares shares) {
    this.subject = subject;
    this.clockMillis = clockMillis;
    this.shares = shares;
  }

  /**
   * Takes one call and its estimated tokens of the current minute, both or neither.
   *
   * @param limit given anew with each call, so that a changed one holds at once
   * @param tokens an estimate, 0 or more
   */
  public RateDecision reserve(RateLimit limit, long tokens) {
    if (tokens > limit.tokens()) {
      return new RateDecision.Refused("tokens", 0);
    }
    Window window = window(limit);
    boolean taken = window.take(limit, tokens);
    if (!taken || !window.left().times(SHORT).atLeast(window.share())) {
      shares.isShort(this);
    }
    if (!taken) {
      return refusal(window, limit, tokens);
    }
    Amount left = limit.amount().minus(window.usedByAll()).orMore(Amount.NONE);
    return new RateDecision.Granted(
        new RateReservation(window, tokens), left.requests(), left.tokens());
  }

  /**
   * Whether a call with so many tokens would be granted now; a promise to nobody.
   *
   * @param tokens an estimate, 0 or more
   */
  public boolean hasRoom(RateLimit limit, long tokens) {
    Window window = window(limit);
    boolean room = new Amount(1, tokens).fits(window.left());
    if (!room) {
      window.asked(tokens);
      shares.isShort(this);
    }
    return room;
  }

  /** Milliseconds until the next minute begins. */
  public long minuteEndsInMillis() {
    return Window.LENGTH_MS - clockMillis.getAsLong() % Window.LENGTH_MS;
  }

  /** Calls of this minute, by this node. */
  public long requests() {
    return counted().requests();
  }

  /** Tokens of this minute by this node, estimates of calls under way included. */
  public long tokens() {
    return counted().tokens();
  }

  String subject() {
    return subject;
  }

  /** The window of the current minute. */
  Window window(RateLimit limit) {
    Window seen = current.get();
    long minute = minute();
    // A clock that was set back does not bring a past minute back.
    if (minute <= seen.number()) {
      return seen;
    }
    Window fresh = new Window(minute, limit, shares.of(minute));
    return current.compareAndSet(seen, fresh) ? fresh : current.get();
  }

  /** The window that was last used, of whichever minute. */
  Window last() {
    return current.get();
  }

  private Amount counted() {
    Window seen = current.get();
    return seen.number() < minute() ? Amount.NONE : seen.used();
  }

  /** What other nodes have left may come here soon; what is used up comes back with the minute. */
  private RateDecision refusal(Window window, RateLimit limit, long tokens) {
    Amount after = window.usedByAll().plus(new Amount(1, tokens));
    boolean elsewhere = after.fits(limit.amount());
    long wait = elsewhere ? Math.min(SHARE_RETRY_MS, minuteEndsInMillis()) : minuteEndsInMillis();
    Amount spent = elsewhere ? new Amount(1, tokens) : after;
    Amount bound = elsewhere ? window.left() : limit.amount();
    return new RateDecision.Refused(
        spent.requests() > bound.requests() ? "requests" : "tokens", wait);
  }

  private long minute() {
    return Math.floorDiv(clockMillis.getAsLong(), Window.LENGTH_MS);
  }
}
