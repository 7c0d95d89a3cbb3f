package dev.concert.ensemble.limit;

import java.util.concurrent.atomic.AtomicLong;

/** The usage of a sixtieth of a window, until it expires. Thread-safe. */
final class TimeBucket {
  private static final long CLOSED = -1;

  private final long number;
  private final AtomicLong word = new AtomicLong();

  /**
   * @param number the number of buckets before it
   */
  TimeBucket(long number) {
    this.number = number;
  }

  /** A bucket that has already expired. */
  static TimeBucket closed() {
    TimeBucket bucket = new TimeBucket(Long.MIN_VALUE);
    bucket.close();
    return bucket;
  }

  long number() {
    return number;
  }

  /**
   * @param change an amount as a word, or its negative
   * @return false if the bucket has expired; then nothing changes
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

  Quota counted() {
    long seen = word.get();
    return seen == CLOSED ? Quota.NONE : Quota.ofWord(seen);
  }

  /** Expires the bucket; returns the word of what it counted. */
  long close() {
    long counted = word.getAndSet(CLOSED);
    return counted == CLOSED ? 0 : counted;
  }
}
