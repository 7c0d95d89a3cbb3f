package dev.concert.chronicle.fuse;

import dev.concert.chronicle.posix.Errno;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Who asks about one file after the other asks again as soon as he has an answer: sooner than a
 * thread can be put to sleep and woken. So the thread that answered looks for the next request
 * itself for a moment, one thread at a time, as long as that pays.
 *
 * <p>Not while files are read or changed: the disk is waited for then, and the recording of changes
 * needs the processor more. Thread-safe.
 */
final class ShortWait {
  private static final long MOMENT_NANOS = 40_000;

  /** Between an answer and the next request, with the time that a sleeping thread needs to wake. */
  private static final long SOON_NANOS = 150_000;

  /** So many requests have to come soon, one after the other. */
  private static final int PAYS = 4;

  private final LongSupplier clockNanos;
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile long answeredAt;
  private volatile int quickQuestions;

  /** How the others are kept from looking for requests too. */
  interface Others {
    /** They look for none from now on. */
    void pause();

    /** They do again, also for what came meanwhile. */
    void resume();
  }

  ShortWait(LongSupplier clockNanos) {
    this.clockNanos = clockNanos;
    this.answeredAt = clockNanos.getAsLong();
  }

  /**
   * A request is about to be served.
   *
   * @param question whether it only asks about a file
   */
  void asked(boolean question) {
    boolean soon = clockNanos.getAsLong() - answeredAt < SOON_NANOS;
    // Two at once may count as one: it is a guess in any case.
    quickQuestions = question && soon ? Math.min(PAYS, quickQuestions + 1) : 0;
  }

  /**
   * A request was answered.
   *
   * @param receive reads the next one; answers {@code -EAGAIN} where there is none
   * @return what it answered last; {@code -EAGAIN}, too, where it was not asked
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
