package dev.concert.ensemble.limit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The counters of one minute, both in one word: tokens in the upper 32 bits, requests in the lower.
 *
 * <p>One compare-and-set decides about both, so no call is counted by halves. What goes back to the
 * other nodes is counted like what was used, by the same compare-and-set: nothing can be both given
 * away and used. Thread-safe; {@link #grant} and {@link #giveBack(Amount)} by one thread at a time.
 */
final class Window {
  static final long LENGTH_MS = 60_000;

  private static final int TOKENS = 32;
  private static final long REQUESTS = 0xFFFF_FFFFL;

  private final long number;
  private final Split split;
  private final AtomicLong gone = new AtomicLong();
  private final AtomicLong allowed;
  private final LongAdder askedRequests = new LongAdder();
  private final LongAdder askedTokens = new LongAdder();

  private volatile RateLimit limit;
  private volatile Amount askedBefore = Amount.NONE;
  private volatile Amount givenBack = Amount.NONE;
  private volatile Amount usedElsewhere = Amount.NONE;

  /**
   * @param number minutes since the epoch
   * @param split whose share of the limit this is
   */
  Window(long number, RateLimit limit, Split split) {
    this.number = number;
    this.limit = limit;
    this.split = split;
    this.allowed = new AtomicLong(pack(split.share(limit)));
  }

  long number() {
    return number;
  }

  /** What this node began the minute with. */
  Amount share() {
    return split.share(limit);
  }

  RateLimit limit() {
    return limit;
  }

  /** Counts a call, or leaves the counters alone where it does not fit any more. */
  boolean take(RateLimit now, long tokens) {
    adopt(now);
    asked(tokens);
    return count(new Amount(1, tokens));
  }

  /** Puts the real count in the place of the estimate; it may go beyond the limit. */
  void settle(long estimate, long real) {
    gone.updateAndGet(
        seen ->
            pack(requests(seen), Math.clamp(tokens(seen) - estimate + real, 0, RateLimit.MOST)));
  }

  /** Takes a call out again that never was made. */
  void giveBack(long estimate) {
    gone.updateAndGet(
        seen -> pack(Math.max(0, requests(seen) - 1), Math.max(0, tokens(seen) - estimate)));
  }

  /** What calls of this node have used. */
  Amount used() {
    return amount(gone.get()).minus(givenBack);
  }

  /** What this node may use in the whole minute, or has used beyond that. */
  Amount held() {
    return amount(allowed.get()).minus(givenBack).orMore(used());
  }

  /** What calls of this node may yet use. */
  Amount left() {
    return amount(allowed.get()).minus(amount(gone.get())).atMost(limit.amount().minus(used()));
  }

  /** What calls of all nodes have used, as far as is known here. */
  Amount usedByAll() {
    return used().plus(usedElsewhere);
  }

  void usedElsewhere(Amount amount) {
    usedElsewhere = amount;
  }

  /** A call was asked for, whether there is room for it or not. */
  void asked(long tokens) {
    askedRequests.increment();
    askedTokens.add(tokens);
  }

  /** What was asked for in the last second or so, refused calls included. */
  Amount recent() {
    Amount now = new Amount(askedRequests.sum(), askedTokens.sum());
    return now.atLeast(askedBefore) ? now : askedBefore;
  }

  /** Called once a second: what was asked for before counts no more. True where anything was. */
  boolean secondEnds() {
    askedBefore = new Amount(askedRequests.sumThenReset(), askedTokens.sumThenReset());
    return !askedBefore.isNothing();
  }

  /** More of the limit, from what other nodes did not need. */
  void grant(Amount more) {
    Amount returned = more.atMost(givenBack);
    givenBack = givenBack.minus(returned);
    gone.updateAndGet(seen -> pack(amount(seen).minus(returned)));
    allowed.updateAndGet(seen -> pack(amount(seen).plus(more.minus(returned))));
  }

  /** Takes so much from what is left here, for other nodes; nothing where it does not fit. */
  boolean giveBack(Amount amount) {
    boolean given = count(amount);
    if (given) {
      givenBack = givenBack.plus(amount);
    }
    return given;
  }

  private boolean count(Amount amount) {
    while (true) {
      long seen = gone.get();
      Amount after = amount(seen).plus(amount);
      if (!after.fits(amount(allowed.get())) || !after.minus(givenBack).fits(limit.amount())) {
        return false;
      }
      if (gone.compareAndSet(seen, pack(after))) {
        return true;
      }
    }
  }

  /** A limit that was changed holds from the next call on; what it grew by is shared as well. */
  private void adopt(RateLimit now) {
    if (now.equals(limit)) {
      return;
    }
    synchronized (this) {
      Amount more = split.share(now).minus(split.share(limit));
      limit = now;
      allowed.updateAndGet(seen -> pack(amount(seen).plus(more)));
    }
  }

  private static long requests(long word) {
    return word & REQUESTS;
  }

  private static long tokens(long word) {
    return word >>> TOKENS;
  }

  private static Amount amount(long word) {
    return new Amount(requests(word), tokens(word));
  }

  private static long pack(Amount amount) {
    return pack(amount.requests(), amount.tokens());
  }

  private static long pack(long requests, long tokens) {
    return tokens << TOKENS | requests;
  }
}
