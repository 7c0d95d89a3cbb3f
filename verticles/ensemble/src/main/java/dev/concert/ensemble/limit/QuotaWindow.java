package dev.concert.ensemble.limit;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What this node holds of one limit, and what it has used of it within the window.
 *
 * <p>By default a node holds its share by the {@link ShareRule}, which changes with the rule: its
 * hold is implied. After a report the hold is what was reported, and it grows only by grants.
 *
 * <p>A hold may be lowered at any time: usage beyond it is still reported as held until it leaves
 * the window. Thread-safe; call what concerns reports on one thread at a time.
 */
final class QuotaWindow {
  private final LongSupplier clockMillis;
  private final long lengthMs;
  private final SlidingCounter count;
  private final AtomicLong hold = new AtomicLong();
  private final LongAdder askedRequests = new LongAdder();
  private final LongAdder askedTokens = new LongAdder();

  private volatile RateLimit limit = RateLimit.NONE;
  private volatile ShareRule rule;
  private volatile boolean reported;
  private volatile Quota askedBefore = Quota.NONE;
  private volatile Quota usedElsewhere = Quota.NONE;
  private volatile long knownAt;
  private volatile long wantedAt;

  QuotaWindow(LongSupplier clockMillis, long lengthMs, ShareRule rule) {
    this.clockMillis = clockMillis;
    this.lengthMs = lengthMs;
    this.count = new SlidingCounter(clockMillis, lengthMs);
    this.rule = rule;
    this.wantedAt = clockMillis.getAsLong();
    hold.set(rule.share(limit).word());
  }

  /** What this node holds without a report. */
  Quota share() {
    return rule.share(limit);
  }

  /** This node's fair share when all nodes want as much. */
  Quota fair() {
    return rule.fair(limit);
  }

  RateLimit limit() {
    return limit;
  }

  /** Counts a call, or changes nothing if it does not fit. */
  Optional<TimeBucket> take(long tokens) {
    asked(tokens);
    return count.take(new Quota(1, tokens), hold);
  }

  /** Replaces the estimate by the real count, which may exceed the limit. */
  void settle(TimeBucket bucket, long estimate, long real) {
    count.settle(bucket, estimate, real);
  }

  /** Removes a call that was not made. */
  void giveBack(TimeBucket bucket, long estimate) {
    count.takeOut(bucket, new Quota(1, estimate));
  }

  /** What this node has used. */
  Quota used() {
    return count.counted();
  }

  /** What this node may use within a window. */
  Quota hold() {
    return Quota.ofWord(hold.get());
  }

  /** What no other node may use: what this node may use, or has used beyond that. */
  Quota held() {
    return hold().orMore(used());
  }

  /** What this node may still use; below 0 if it has used more already. */
  Quota left(Quota used) {
    return hold().minus(used);
  }

  /** What all nodes have used, as far as this node knows. */
  Quota usedByAll(Quota used) {
    Quota elsewhere = usedElsewhere;
    boolean known = !elsewhere.isNothing() && clockMillis.getAsLong() - knownAt < lengthMs;
    return known ? used.plus(elsewhere) : used;
  }

  void usedElsewhere(Quota amount) {
    usedElsewhere = amount;
    knownAt = clockMillis.getAsLong();
  }

  /**
   * Milliseconds until a call with so many tokens fits into what this node holds; empty if it never
   * will.
   */
  Optional<Long> millisUntilFits(long tokens) {
    Quota call = new Quota(1, tokens);
    Quota bound = hold();
    return call.fits(bound) ? Optional.of(count.millisUntilFits(call, bound)) : Optional.empty();
  }

  /** Milliseconds until all current usage has left the window. */
  long resetsInMillis() {
    return count.millisUntilNothing();
  }

  /** Notes the demand of a call, whether it fits or not. */
  void asked(long tokens) {
    askedRequests.increment();
    askedTokens.add(tokens);
  }

  /** The demand of about the last second, refused calls included. */
  Quota recent() {
    Quota now = new Quota(askedRequests.sum(), askedTokens.sum());
    return now.atLeast(askedBefore) ? now : askedBefore;
  }

  /** Starts a new second of demand; returns whether there was any in the last one. */
  boolean secondEnds() {
    askedBefore = new Quota(askedRequests.sumThenReset(), askedTokens.sumThenReset());
    if (askedBefore.isNothing()) {
      return false;
    }
    wanted();
    return true;
  }

  /** Notes that this node or another one wants some of this limit. */
  void wanted() {
    wantedAt = clockMillis.getAsLong();
  }

  /** Whether no node has wanted any for so long that all usage has left the window. */
  boolean isIdle() {
    return clockMillis.getAsLong() - wantedAt > lengthMs && used().isNothing();
  }

  void notIdleFor(long millis) {
    wantedAt = clockMillis.getAsLong() - lengthMs + millis;
  }

  boolean isReported() {
    return reported;
  }

  /** Makes the hold a reported one. */
  synchronized void report() {
    reported = true;
  }

  /** Makes the hold implied again, after Redis has confirmed it. */
  synchronized void imply() {
    reported = false;
    hold.set(share().word());
  }

  /** Adds what other nodes did not need. */
  synchronized void grant(Quota more) {
    hold.set(hold().plus(more).atMost(RateLimit.NONE.amount()).word());
  }

  /** Gives a part of the hold to other nodes, unless there is no limit. */
  synchronized void lower(Quota by) {
    Quota limited = limit.amount();
    long requests = limited.requests() == RateLimit.MOST ? 0 : by.requests();
    long tokens = limited.tokens() == RateLimit.MOST ? 0 : by.tokens();
    hold.set(hold().minus(new Quota(requests, tokens)).orMore(Quota.NONE).word());
  }

  /** Lowers the hold to the equal share. */
  synchronized void lowerToShare() {
    hold.set(hold().atMost(share()).word());
  }

  /** Applies a changed limit or share rule from the next call on. */
  void adopt(RateLimit limit, ShareRule rule) {
    if (limit.equals(this.limit) && rule == this.rule) {
      return;
    }
    synchronized (this) {
      Quota held = hold();
      Quota fair = rule.fair(limit);
      Quota kept = rule.follows(this.rule) ? held.atMost(fair) : held;
      hold.set((reported ? kept(kept, fair, limit) : rule.share(limit)).word());
      this.limit = limit;
      this.rule = rule;
    }
  }

  /**
   * Adjusts a reported hold to another limit. Under a higher limit it stays, because others may
   * have been granted the rest. Under a lower limit it becomes at most an equal share, so that all
   * shares together fit the limit. If there was no limit before, nothing was reported, so the hold
   * is empty.
   */
  private Quota kept(Quota held, Quota fair, RateLimit now) {
    return new Quota(
        kept(held.requests(), fair.requests(), limit.requests(), now.requests()),
        kept(held.tokens(), fair.tokens(), limit.tokens(), now.tokens()));
  }

  private static long kept(long held, long fair, long before, long now) {
    if (now == RateLimit.MOST) {
      return now;
    }
    if (before == RateLimit.MOST) {
      return 0;
    }
    return now < before ? Math.min(held, fair) : held;
  }
}
