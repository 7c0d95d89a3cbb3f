package dev.concert.ensemble.limit;

import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Counts the calls and tokens of one key or one endpoint over the sixty seconds that end now.
 *
 * <p>Never waits for anything but memory: it is on the path of every request.
 */
public final class RateLimiter {
  static final long WINDOW_MS = 60_000;

  /** To ask the other nodes again makes sense after so long. */
  static final long SHARE_RETRY_MS = 1_000;

  /** With less than this part of a share left it is time to ask for more. */
  private static final long SHORT = 4;

  private final String subject;
  private final Shares shares;
  private final Window window;

  /** Of a node that is alone. */
  public RateLimiter(LongSupplier clockMillis) {
    this("", clockMillis, WINDOW_MS, Shares.ALONE);
  }

  /**
   * @param subject whose limit this is, by a name that is the same on all nodes
   * @param windowMs over how long it is counted
   */
  RateLimiter(String subject, LongSupplier clockMillis, long windowMs, Shares shares) {
    this.subject = subject;
    this.shares = shares;
    this.window = new Window(clockMillis, windowMs, shares.now());
  }

  /**
   * Takes one call and its estimated tokens, both or neither.
   *
   * @param limit given anew with each call, so that a changed one holds at once
   * @param tokens an estimate, 0 or more
   */
  public RateDecision reserve(RateLimit limit, long tokens) {
    if (tokens > limit.tokens()) {
      return new RateDecision.Refused("tokens", 0);
    }
    window.adopt(limit, shares.now());
    Optional<Slice> taken = window.take(tokens);
    Amount used = window.used();
    if (taken.isEmpty() || !window.left(used).times(SHORT).atLeast(window.share())) {
      shares.isShort(this);
    }
    return taken.map(slice -> granted(used, slice, tokens)).orElseGet(() -> refused(tokens));
  }

  private RateDecision granted(Amount used, Slice slice, long tokens) {
    Amount left = window.limit().amount().minus(window.usedByAll(used)).orMore(Amount.NONE);
    return new RateDecision.Granted(
        new RateReservation(window, slice, tokens), left.requests(), left.tokens());
  }

  /** What other nodes have left may come here soon; what was used here comes back with time. */
  private RateDecision refused(long tokens) {
    Amount call = new Amount(1, tokens);
    Amount limit = window.limit().amount();
    Amount after = window.usedByAll(window.used()).plus(call);
    boolean elsewhere = after.fits(limit);
    Amount spent = elsewhere ? call : after;
    Amount bound = elsewhere ? window.left(window.used()) : limit;
    return new RateDecision.Refused(
        spent.requests() > bound.requests() ? "requests" : "tokens", waitMillis(tokens, elsewhere));
  }

  private long waitMillis(long tokens, boolean elsewhere) {
    long own = window.millisUntilFits(tokens).orElse(SHARE_RETRY_MS);
    return Math.max(1, elsewhere ? Math.min(own, SHARE_RETRY_MS) : own);
  }

  /**
   * Whether a call with so many tokens would be granted now; a promise to nobody.
   *
   * @param tokens an estimate, 0 or more
   */
  public boolean hasRoom(RateLimit limit, long tokens) {
    window.adopt(limit, shares.now());
    boolean room = new Amount(1, tokens).fits(window.left(window.used()));
    if (!room) {
      window.asked(tokens);
      shares.isShort(this);
    }
    return room;
  }

  /**
   * Milliseconds until a call with so many tokens may be granted, 0 where it may be now. One that
   * alone is over the limit is told a window's length.
   */
  public long roomInMillis(RateLimit limit, long tokens) {
    if (hasRoom(limit, tokens)) {
      return 0;
    }
    Amount call = new Amount(1, tokens);
    return call.fits(limit.amount())
        ? waitMillis(tokens, window.usedByAll(window.used()).plus(call).fits(limit.amount()))
        : WINDOW_MS;
  }

  /** Milliseconds until nothing counts any more of what was used by now. */
  public long resetsInMillis() {
    return window.resetsInMillis();
  }

  /** Calls of the last sixty seconds, by this node. */
  public long requests() {
    return window.used().requests();
  }

  /** Tokens of the last sixty seconds by this node, estimates of calls under way included. */
  public long tokens() {
    return window.used().tokens();
  }

  String subject() {
    return subject;
  }

  /** As it was when it was last asked. */
  Window window() {
    return window;
  }

  /** The window as it is now, of a limit that may never have been asked for here. */
  Window window(RateLimit unlessKnown) {
    window.adopt(window.limit().limits() ? window.limit() : unlessKnown, shares.now());
    return window;
  }
}
