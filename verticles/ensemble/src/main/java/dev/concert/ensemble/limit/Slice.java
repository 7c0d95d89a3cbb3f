package dev.concert.ensemble.limit;

import java.util.concurrent.atomic.AtomicLong;

/** What was counted in a sixtieth of a window, until that is too old to count. Thread-safe. */
final class Slice {
  private static final long CLOSED = -1;

  private final long number;
  private final AtomicLong word = new AtomicLong();

  /**
   * @param number how many slices of time went before it
   */
  Slice(long number) {
    this.number = number;
  }

  /** One that was too old from the beginning. */
  static Slice closed() {
    Slice slice = new Slice(Long.MIN_VALUE);
    slice.close();
    return slice;
  }

  long number() {
    return number;
  }

  /**
   * @param change an amount as a word, or less one; what is taken out was put in before
   * @return false where the slice counts no more; nothing has changed then
   */
  boolean add(long change) {
    while (true) {
      long seen = word.get();
      if (seen == CLOSED) {
        return false;
      }
      if (word.compareAndSet(seen, seen + change)) {
        return true;
      }
    }
  }

  Amount counted() {
    long seen = word.get();
    return seen == CLOSED ? Amount.NONE : Amount.ofWord(seen);
  }

  /** From now on it counts no more; returns the word of what it counted. */
  long close() {
    long counted = word.getAndSet(CLOSED);
    return counted == CLOSED ? 0 : counted;
  }
}
