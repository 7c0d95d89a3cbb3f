package dev.concert.chronicle.fuse;

import dev.concert.chronicle.posix.Errno;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Polls briefly for the next metadata request before the thread sleeps. A process that asks about
 * one file after the other sends its next request sooner than a thread can sleep and wake up. One
 * thread of a mount polls at a time, as long as that pays off.
 *
 * <p>It does not poll while files are read or changed: such requests wait for the disk, and the
 * recording of changes needs the processor. Thread-safe.
 */
final class BusyPoll {
  private static final long MOMENT_NANOS = 40_000;

  /**
   * The longest time between an answer and a quick next request, with the time that a sleeping
   * thread needs to wake up.
   */
  private static final long SOON_NANOS = 150_000;

  /** The number of quick requests in a row after which polling pays off. */
  private static final int PAYS = 4;

  private final LongSupplier clockNanos;
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile long answeredAt;
  private volatile int quickQuestions;

  /** Keeps the other threads from waiting for requests of this mount. */
  interface Others {
    /** They wait for none from now on. */
    void pause();

    /** They wait again, and get what arrived meanwhile. */
    void resume();
  }

  BusyPoll(LongSupplier clockNanos) {
    this.clockNanos = clockNanos;
    this.answeredAt = clockNanos.getAsLong();
  }

  /**
   * A request is about to be served.
   *
   * @param question whether it only reads names or attributes
   */
  void asked(boolean question) {
    boolean soon = clockNanos.getAsLong() - answeredAt < SOON_NANOS;
    // Two threads at once may count as one; an estimate is enough.
    quickQuestions = question && soon ? Math.min(PAYS, quickQuestions + 1) : 0;
  }

  /**
   * A request was answered.
   *
   * @param receive reads the next one; returns {@code -EAGAIN} if there is none
   * @return its last result; {@code -EAGAIN} if it was not called
   */
  int next(Others others, IntSupplier receive) {
    long begin = clockNanos.getAsLong();
    answeredAt = begin;
    if (quickQuestions < PAYS || !looking.compareAndSet(false, true)) {
      return -Errno.EAGAIN;
    }
    others.pause();
    int received = -Errno.EAGAIN;
    try {
      while (received == -Errno.EAGAIN && clockNanos.getAsLong() - begin < MOMENT_NANOS) {
        Thread.onSpinWait();
        received = receive.getAsInt();
      }
      return received;
    } finally {
      looking.set(false);
      if (received == -Errno.EAGAIN) {
        quickQuestions = 0;
        others.resume();
      }
    }
  }
}
