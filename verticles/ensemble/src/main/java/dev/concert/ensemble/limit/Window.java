package dev.concert.ensemble.limit;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What this node holds of one limit, and what it has used of that in the time that counts.
 *
 * <p>A node that has told nobody otherwise holds what it has by the {@link Split}, and that changes
 * with it: its hold is implied. Once told, a hold is what was told, and grows by what is granted
 * only.
 *
 * <p>A hold may be lowered at any time: what was used beyond it is told with it, as held, until it
 * is too old. Thread-safe; what concerns the telling is to be called by one thread at a time.
 */
final class Window {
  private final LongSupplier clockMillis;
  private final long lengthMs;
  private final SlidingCount count;
  private final AtomicLong hold = new AtomicLong();
  private final LongAdder askedRequests = new LongAdder();
  private final LongAdder askedTokens = new LongAdder();

  private volatile RateLimit limit = RateLimit.NONE;
  private volatile Split split;
  private volatile boolean told;
  private volatile Amount askedBefore = Amount.NONE;
  private volatile Amount usedElsewhere = Amount.NONE;
  private volatile long heardAt;
  private volatile long wantedAt;

  Window(LongSupplier clockMillis, long lengthMs, Split split) {
    this.clockMillis = clockMillis;
    this.lengthMs = lengthMs;
    this.count = new SlidingCount(clockMillis, lengthMs);
    this.split = split;
    this.wantedAt = clockMillis.getAsLong();
    hold.set(split.share(limit).word());
  }

  /** What this node holds without asking. */
  Amount share() {
    return split.share(limit);
  }

  /** What this node is to hold when all want as much. */
  Amount fair() {
    return split.fair(limit);
  }

  RateLimit limit() {
    return limit;
  }

  /** Counts a call, or leaves the counters alone where it does not fit any more. */
  Optional<Slice> take(long tokens) {
    asked(tokens);
    return count.take(new Amount(1, tokens), hold);
  }

  /** Puts the real count in the place of the estimate; it may go beyond the limit. */
  void settle(Slice slice, long estimate, long real) {
    count.settle(slice, estimate, real);
  }

  /** Takes a call out again that never was made. */
  void giveBack(Slice slice, long estimate) {
    count.takeOut(slice, new Amount(1, estimate));
  }

  /** What calls of this node have used. */
  Amount used() {
    return count.counted();
  }

  /** What calls of this node may use in a window's time. */
  Amount hold() {
    return Amount.ofWord(hold.get());
  }

  /** What nobody else may use: what calls of this node may use, or have used beyond that. */
  Amount held() {
    return hold().orMore(used());
  }

  /** What calls of this node may use now; below 0 where more is used already. */
  Amount left(Amount used) {
    return hold().minus(used);
  }

  /** What calls of all nodes have used, as far as is known here. */
  Amount usedByAll(Amount used) {
    Amount elsewhere = usedElsewhere;
    boolean known = !elsewhere.isNothing() && clockMillis.getAsLong() - heardAt < lengthMs;
    return known ? used.plus(elsewhere) : used;
  }

  void usedElsewhere(Amount amount) {
    usedElsewhere = amount;
    heardAt = clockMillis.getAsLong();
  }

  /** Until a call with so many tokens fits by what this node holds; empty where it never will. */
  Optional<Long> millisUntilFits(long tokens) {
    Amount call = new Amount(1, tokens);
    Amount bound = hold();
    return call.fits(bound) ? Optional.of(count.millisUntilFits(call, bound)) : Optional.empty();
  }

  /** Until all that was used by now is too old to count. */
  long resetsInMillis() {
    return count.millisUntilNothing();
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
    if (askedBefore.isNothing()) {
      return false;
    }
    wanted();
    return true;
  }

  /** Somebody, here or elsewhere, wants some of this limit. */
  void wanted() {
    wantedAt = clockMillis.getAsLong();
  }

  /** Whether nobody has wanted anything for so long that all that was used is too old. */
  boolean isIdle() {
    return clockMillis.getAsLong() - wantedAt > lengthMs && used().isNothing();
  }

  void notIdleFor(long millis) {
    wantedAt = clockMillis.getAsLong() - lengthMs + millis;
  }

  boolean isTold() {
    return told;
  }

  /** From now on the hold is what is told. */
  synchronized void tell() {
    told = true;
  }

  /** Others know that this node holds what it has by the split, and nothing else. */
  synchronized void imply() {
    told = false;
    hold.set(share().word());
  }

  /** More of the limit, from what other nodes did not need. */
  synchronized void grant(Amount more) {
    hold.set(hold().plus(more).atMost(RateLimit.NONE.amount()).word());
  }

  /** So much of the hold is for other nodes from now on; of what has no limit nobody needs any. */
  synchronized void lower(Amount by) {
    Amount limited = limit.amount();
    long requests = limited.requests() == RateLimit.MOST ? 0 : by.requests();
    long tokens = limited.tokens() == RateLimit.MOST ? 0 : by.tokens();
    hold.set(hold().minus(new Amount(requests, tokens)).orMore(Amount.NONE).word());
  }

  /** What is held beyond what this node would hold without asking is for others. */
  synchronized void lowerToShare() {
    hold.set(hold().atMost(share()).word());
  }

  /** A limit that was changed holds from the next call on, as a split does. */
  void adopt(RateLimit limit, Split split) {
    if (limit.equals(this.limit) && split == this.split) {
      return;
    }
    synchronized (this) {
      Amount held = hold();
      Amount fair = split.fair(limit);
      Amount kept = split.follows(this.split) ? held.atMost(fair) : held;
      hold.set((told ? kept(kept, fair, limit) : split.share(limit)).word());
      this.limit = limit;
      this.split = split;
    }
  }

  /**
   * A told hold under another limit. Under a higher one it stays: others may have been granted the
   * rest. Under a lower one it is no more than an equal share, and all such are no more than the
   * limit. Where there was none before nothing was told of it, so that there is nothing yet.
   */
  private Amount kept(Amount held, Amount fair, RateLimit now) {
    return new Amount(
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
