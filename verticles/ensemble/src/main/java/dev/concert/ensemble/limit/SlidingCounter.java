package dev.concert.ensemble.limit;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/**
 * Counts usage within the window that ends now.
 *
 * <p>The window has sixty buckets. One word holds the sum of all of them, so that the cost of a
 * call does not depend on their number: a call is added to the sum and to the newest bucket, and an
 * expired bucket is subtracted from the sum as a whole. A bucket expires when its youngest call is
 * a window old, so usage is never dropped too early, and at most one bucket late. The sum is never
 * less than its buckets, whatever threads do concurrently.
 *
 * <p>Thread-safe. Threads wait only once per bucket, for the one that removes what has expired.
 */
final class SlidingCounter {
  static final int BUCKETS = 60;

  private final LongSupplier clockMillis;
  private final long sliceMs;
  private final AtomicLong sum = new AtomicLong();
  private final AtomicReferenceArray<TimeBucket> buckets = new AtomicReferenceArray<>(BUCKETS + 1);

  private volatile TimeBucket newest = TimeBucket.closed();

  /**
   * @param windowMs at least {@link #BUCKETS}
   */
  SlidingCounter(LongSupplier clockMillis, long windowMs) {
    this.clockMillis = clockMillis;
    this.sliceMs = windowMs / BUCKETS;
    for (int at = 0; at < buckets.length(); at++) {
      buckets.set(at, newest);
    }
  }

  /**
   * Counts an amount if it fits, atomically.
   *
   * @param bound the limit as a word; a bound that is lowered meanwhile applies
   * @return the bucket it was counted in; empty if it does not fit
   */
  Optional<TimeBucket> take(Quota amount, AtomicLong bound) {
    TimeBucket bucket = newest();
    long word = amount.word();
    while (true) {
      long seen = sum.get();
      Quota after = Quota.ofWord(seen).plus(amount);
      if (!after.fits(Quota.ofWord(bound.get()))) {
        return Optional.empty();
      }
      if (sum.compareAndSet(seen, seen + word)) {
        // Whoever lowered the bound has not seen this amount, so it is taken back.
        return after.fits(Quota.ofWord(bound.get())) ? Optional.of(put(bucket, word)) : undo(word);
      }
    }
  }

  private TimeBucket put(TimeBucket bucket, long word) {
    TimeBucket into = bucket;
    while (!into.add(word)) {
      into = newest();
    }
    return into;
  }

  private Optional<TimeBucket> undo(long word) {
    sum.addAndGet(-word);
    return Optional.empty();
  }

  /** Replaces the estimate by the real count, even beyond the bound. */
  void settle(TimeBucket bucket, long estimate, long real) {
    if (real > estimate) {
      // No counter may exceed its 32 bits, however wrong the reported count is.
      long room = RateLimit.MOST - Quota.ofWord(sum.get()).tokens();
      long more = new Quota(0, Math.clamp(real - estimate, 0, Math.max(0, room))).word();
      sum.addAndGet(more);
      if (!bucket.add(more)) {
        sum.addAndGet(-more);
      }
    } else {
      takeOut(bucket, new Quota(0, estimate - real));
    }
  }

  /** Removes what was counted in the bucket; nothing if it has expired. */
  void takeOut(TimeBucket bucket, Quota amount) {
    if (bucket.add(-amount.word())) {
      sum.addAndGet(-amount.word());
    }
  }

  Quota counted() {
    newest();
    return Quota.ofWord(sum.get());
  }

  /**
   * Milliseconds until an amount will fit, if nothing else is counted; a window and a bucket if it
   * never will.
   */
  long millisUntilFits(Quota amount, Quota bound) {
    long now = newest().number();
    Quota over = counted().plus(amount).minus(bound).orMore(Quota.NONE);
    if (over.isNothing()) {
      return 0;
    }
    Quota freed = Quota.NONE;
    for (long number = now - BUCKETS; number <= now; number++) {
      TimeBucket bucket = buckets.get(place(number));
      freed = bucket.number() == number ? freed.plus(bucket.counted()) : freed;
      if (over.fits(freed)) {
        return millisUntil(number);
      }
    }
    return millisUntil(now);
  }

  /**
   * Milliseconds until nothing counts, if nothing else is counted; at most a window and a bucket.
   */
  long millisUntilNothing() {
    return millisUntil(newest().number());
  }

  /** Milliseconds until the bucket expires. */
  private long millisUntil(long number) {
    return Math.max(1, (number + buckets.length()) * sliceMs - clockMillis.getAsLong());
  }

  /** A clock that is set back does not bring back expired buckets. */
  private TimeBucket newest() {
    long number = Math.floorDiv(clockMillis.getAsLong(), sliceMs);
    TimeBucket seen = newest;
    return number <= seen.number() ? seen : next(number);
  }

  private synchronized TimeBucket next(long number) {
    if (number <= newest.number()) {
      return newest;
    }
    for (int at = 0; at < buckets.length(); at++) {
      TimeBucket bucket = buckets.get(at);
      if (bucket.number() <= number - buckets.length()) {
        sum.addAndGet(-bucket.close());
      }
    }
    TimeBucket next = new TimeBucket(number);
    buckets.set(place(number), next);
    newest = next;
    return next;
  }

  private int place(long number) {
    return Math.floorMod(number, buckets.length());
  }
}
