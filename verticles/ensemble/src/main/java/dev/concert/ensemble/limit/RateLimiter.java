package dev.concert.ensemble.limit;

import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Limits the calls and tokens of one key or endpoint within the last sixty seconds.
 *
 * <p>Never blocks: it is on the path of every request.
 */
public final class RateLimiter {
  static final long WINDOW_MS = 60_000;

  /** The time after which other nodes may have released something. */
  static final long SHARE_RETRY_MS = 1_000;

  /** With less than one part in so many of the share left, more is requested. */
  private static final long SHORT = 4;

  private final String subject;
  private final QuotaShares shares;
  private final QuotaWindow window;

  /** For a single node. */
  public RateLimiter(LongSupplier clockMillis) {
    this("", clockMillis, WINDOW_MS, QuotaShares.ALONE);
  }

  /**
   * @param subject what is limited, by a name that is the same on all nodes
   * @param windowMs the length of the window
   */
  RateLimiter(String subject, LongSupplier clockMillis, long windowMs, QuotaShares shares) {
    this.subject = subject;
    this.shares = shares;
    this.window = new QuotaWindow(clockMillis, windowMs, shares.now());
  }

  /**
   * Reserves one call and its estimated tokens, both or neither.
   *
   * @param limit the current limit, so that a change applies at once
   * @param tokens an estimate, 0 or more
   */
  public RateDecision reserve(RateLimit limit, long tokens) {
    if (tokens > limit.tokens()) {
      return new RateDecision.Refused("tokens", 0);
    }
    window.adopt(limit, shares.now());
    Optional<TimeBucket> taken = window.take(tokens);
    Quota used = window.used();
    if (taken.isEmpty() || !window.left(used).times(SHORT).atLeast(window.share())) {
      shares.isShort(this);
    }
    return taken.map(bucket -> granted(used, bucket, tokens)).orElseGet(() -> refused(tokens));
  }

  private RateDecision granted(Quota used, TimeBucket bucket, long tokens) {
    Quota left = window.limit().amount().minus(window.usedByAll(used)).orMore(Quota.NONE);
    return new RateDecision.Granted(
        new RateReservation(window, bucket, tokens), left.requests(), left.tokens());
  }

  /** Other nodes may release something soon; usage of this node leaves the window with time. */
  private RateDecision refused(long tokens) {
    Quota call = new Quota(1, tokens);
    Quota limit = window.limit().amount();
    Quota after = window.usedByAll(window.used()).plus(call);
    boolean elsewhere = after.fits(limit);
    Quota spent = elsewhere ? call : after;
    Quota bound = elsewhere ? window.left(window.used()) : limit;
    return new RateDecision.Refused(
        spent.requests() > bound.requests() ? "requests" : "tokens", waitMillis(tokens, elsewhere));
  }

  private long waitMillis(long tokens, boolean elsewhere) {
    long own = window.millisUntilFits(tokens).orElse(SHARE_RETRY_MS);
    return Math.max(1, elsewhere ? Math.min(own, SHARE_RETRY_MS) : own);
  }

  /**
   * Whether a call with so many tokens would be granted now. Reserves nothing.
   *
   * @param tokens an estimate, 0 or more
   */
  public boolean hasRoom(RateLimit limit, long tokens) {
    window.adopt(limit, shares.now());
    boolean room = new Quota(1, tokens).fits(window.left(window.used()));
    if (!room) {
      window.asked(tokens);
      shares.isShort(this);
    }
    return room;
  }

  /**
   * Milliseconds until a call with so many tokens may be granted; 0 if it may be granted now; the
   * length of the window if it alone exceeds the limit.
   */
  public long roomInMillis(RateLimit limit, long tokens) {
    if (hasRoom(limit, tokens)) {
      return 0;
    }
    Quota call = new Quota(1, tokens);
    return call.fits(limit.amount())
        ? waitMillis(tokens, window.usedByAll(window.used()).plus(call).fits(limit.amount()))
        : WINDOW_MS;
  }

  /** Milliseconds until all current usage has left the window. */
  public long resetsInMillis() {
    return window.resetsInMillis();
  }

  /** Calls of this node in the last sixty seconds. */
  public long requests() {
    return window.used().requests();
  }

  /** Tokens of this node in the last sixty seconds, including estimates of calls in progress. */
  public long tokens() {
    return window.used().tokens();
  }

  String subject() {
    return subject;
  }

  /** The window as of the last request. */
  QuotaWindow window() {
    return window;
  }

  /** The window now, with a limit that may never have been requested here. */
  QuotaWindow window(RateLimit unlessKnown) {
    window.adopt(window.limit().limits() ? window.limit() : unlessKnown, shares.now());
    return window;
  }
}
