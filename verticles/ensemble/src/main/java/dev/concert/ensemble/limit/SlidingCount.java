package dev.concert.ensemble.limit;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/**
 * What was counted in the window of time that ends now.
 *
 * <p>Time goes by in slices, sixty to a window. One word has the sum of all that count, so that a
 * call costs the same however many they are: it is added to the sum and to the newest slice, and a
 * slice that has grown too old is taken out of the sum as a whole. That is when its youngest call
 * is a window old, so nothing is ever forgotten too early, and a slice's time late at most. The sum
 * is never less than its slices, whatever threads do at once.
 *
 * <p>Thread-safe. Nobody waits but, once in a slice, for the one who takes out what is too old.
 */
final class SlidingCount {
  static final int SLICES = 60;

  private final LongSupplier clockMillis;
  private final long sliceMs;
  private final AtomicLong sum = new AtomicLong();
  private final AtomicReferenceArray<Slice> slices = new AtomicReferenceArray<>(SLICES + 1);

  private volatile Slice newest = Slice.closed();

  /**
   * @param windowMs at least {@link #SLICES}
   */
  SlidingCount(LongSupplier clockMillis, long windowMs) {
    this.clockMillis = clockMillis;
    this.sliceMs = windowMs / SLICES;
    for (int at = 0; at < slices.length(); at++) {
      slices.set(at, newest);
    }
  }

  /**
   * Counts it where it fits, as one.
   *
   * @param bound the word of what may be counted in all; one that is lowered meanwhile holds
   * @return where it was counted; empty where it does not fit
   */
  Optional<Slice> take(Amount amount, AtomicLong bound) {
    Slice slice = newest();
    long word = amount.word();
    while (true) {
      long seen = sum.get();
      Amount after = Amount.ofWord(seen).plus(amount);
      if (!after.fits(Amount.ofWord(bound.get()))) {
        return Optional.empty();
      }
      if (sum.compareAndSet(seen, seen + word)) {
        // Who lowered the bound since has not seen this one, so that it must not be.
        return after.fits(Amount.ofWord(bound.get())) ? Optional.of(put(slice, word)) : undo(word);
      }
    }
  }

  private Slice put(Slice slice, long word) {
    Slice into = slice;
    while (!into.add(word)) {
      into = newest();
    }
    return into;
  }

  private Optional<Slice> undo(long word) {
    sum.addAndGet(-word);
    return Optional.empty();
  }

  /** Puts the real count in the place of the estimate, beyond every bound where it has to be. */
  void settle(Slice slice, long estimate, long real) {
    if (real > estimate) {
      // No count goes over its 32 bits, however wrong what we are told is.
      long room = RateLimit.MOST - Amount.ofWord(sum.get()).tokens();
      long more = new Amount(0, Math.clamp(real - estimate, 0, Math.max(0, room))).word();
      sum.addAndGet(more);
      if (!slice.add(more)) {
        sum.addAndGet(-more);
      }
    } else {
      takeOut(slice, new Amount(0, estimate - real));
    }
  }

  /** Of what was put into the slice; nothing where that counts no more. */
  void takeOut(Slice slice, Amount amount) {
    if (slice.add(-amount.word())) {
      sum.addAndGet(-amount.word());
    }
  }

  Amount counted() {
    newest();
    return Amount.ofWord(sum.get());
  }

  /**
   * Milliseconds until so much will fit, if nothing else is counted; a window's length and a
   * slice's where it never will.
   */
  long millisUntilFits(Amount amount, Amount bound) {
    long now = newest().number();
    Amount over = counted().plus(amount).minus(bound).orMore(Amount.NONE);
    if (over.isNothing()) {
      return 0;
    }
    Amount freed = Amount.NONE;
    for (long number = now - SLICES; number <= now; number++) {
      Slice slice = slices.get(place(number));
      freed = slice.number() == number ? freed.plus(slice.counted()) : freed;
      if (over.fits(freed)) {
        return millisUntil(number);
      }
    }
    return millisUntil(now);
  }

  /**
   * Milliseconds until nothing counts, if nothing else is counted; at most a window and a slice.
   */
  long millisUntilNothing() {
    return millisUntil(newest().number());
  }

  /** Until the slice counts no more. */
  private long millisUntil(long number) {
    return Math.max(1, (number + slices.length()) * sliceMs - clockMillis.getAsLong());
  }

  /** A clock that was set back does not bring back what is past. */
  private Slice newest() {
    long number = Math.floorDiv(clockMillis.getAsLong(), sliceMs);
    Slice seen = newest;
    return number <= seen.number() ? seen : next(number);
  }

  private synchronized Slice next(long number) {
    if (number <= newest.number()) {
      return newest;
    }
    for (int at = 0; at < slices.length(); at++) {
      Slice slice = slices.get(at);
      if (slice.number() <= number - slices.length()) {
        sum.addAndGet(-slice.close());
      }
    }
    Slice next = new Slice(number);
    slices.set(place(number), next);
    newest = next;
    return next;
  }

  private int place(long number) {
    return Math.floorMod(number, slices.length());
  }
}
