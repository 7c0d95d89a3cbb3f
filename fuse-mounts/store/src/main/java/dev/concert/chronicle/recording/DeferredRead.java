package dev.concert.chronicle.recording;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.iteration.SkipReason;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.recording.LastingContent.Kept;
import dev.concert.chronicle.recording.changelog.ReadResult;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Content that is read later, by the first that needs it read: a worker, or a caller that wants to
 * change the file. Who waits longer than he may gives it up. Thread-safe.
 */
final class DeferredRead {
  /** A read that is given up ends with the piece that it is at. */
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(10);

  private final long allocated;
  private final ReentrantLock reading = new ReentrantLock();
  private final Kept content;
  private Optional<ReadResult> result = Optional.empty();
  private volatile boolean givenUp;
  private volatile boolean closed;
  private boolean released;

  private final ReentrantLock naming = new ReentrantLock();
  private boolean named;
  private boolean over;

  /**
   * @param allocated bytes of the file on the disk
   */
  DeferredRead(Kept content, long allocated) {
    this.content = content;
    this.allocated = allocated;
  }

  long allocated() {
    return allocated;
  }

  /** Runs work while no other thread can read the content. */
  void promising(Runnable work) {
    reading.lock();
    try {
      work.run();
    } finally {
      reading.unlock();
    }
  }

  /**
   * Reads the content unless that was done before; waits for another who is at it.
   *
   * @param work stores the content
   * @param ended logs what became of it
   */
  ReadResult complete(Function<Content, ReadResult> work, Consumer<ReadResult> ended) {
    reading.lock();
    try {
      return read(work, ended, false, Long.MAX_VALUE);
    } finally {
      reading.unlock();
    }
  }

  /**
   * The same for one who wants to change the file, within a time; after it the content is given up.
   *
   * @throws PosixException with {@code EINTR} where the thread is interrupted, and {@code EIO}
   *     where the disk does not answer
   */
  void completeWithin(
      Duration timeout, Function<Content, ReadResult> work, Consumer<ReadResult> ended) {
    long deadline = System.nanoTime() + timeout.toNanos();
    lock(timeout);
    try {
      read(work, ended, true, deadline);
    } finally {
      reading.unlock();
    }
  }

  private void lock(Duration timeout) {
    try {
      if (!reading.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        givenUp = true;
        if (!reading.tryLock(ENDS_WITHIN.toNanos(), TimeUnit.NANOSECONDS)) {
          throw new PosixException(Errno.EIO, "a disk that does not answer");
        }
      }
    } catch (InterruptedException killed) {
      Thread.currentThread().interrupt();
      throw new PosixException(Errno.EINTR, "wait");
    }
  }

  private ReadResult read(
      Function<Content, ReadResult> work,
      Consumer<ReadResult> ended,
      boolean interruptible,
      long deadline) {
    if (result.isEmpty()) {
      ReadResult found;
      try {
        found = work.apply(new Bounded(interruptible, deadline));
      } catch (GivenUpException late) {
        found = new ReadResult.Skipped(SkipReason.CHANGED_AGAIN);
      }
      ended.accept(found);
      result = Optional.of(found);
      release();
    }
    return result.get();
  }

  private static final class GivenUpException extends RuntimeException {
    GivenUpException() {
      super("given up", null, false, false);
    }
  }

  /** The content as long as somebody waits for it. */
  private final class Bounded implements Content {
    private final boolean interruptible;
    private final long deadline;

    Bounded(boolean interruptible, long deadline) {
      this.interruptible = interruptible;
      this.deadline = deadline;
    }

    @Override
    public int read(byte[] into, long position) {
      check();
      return content.read(into, position);
    }

    @Override
    public long zerosUntil(long position) {
      check();
      return content.zerosUntil(position);
    }

    private void check() {
      if (closed) {
        throw new IllegalStateException("The workspace is closed");
      }
      if (givenUp || interruptible && deadline - System.nanoTime() < 0) {
        throw new GivenUpException();
      }
      if (interruptible && Thread.currentThread().isInterrupted()) {
        throw new PosixException(Errno.EINTR, "read");
      }
    }
  }

  /** Gives the file free, read or not, also while it is being read. */
  void close() {
    closed = true;
    reading.lock();
    try {
      release();
    } finally {
      reading.unlock();
    }
  }

  private void release() {
    closed = true;
    if (!released) {
      released = true;
      content.close();
    }
  }

  /** Gives the file another name to be found by, unless it has one or needs none any more. */
  OptionalInt name(String name, ToIntFunction<String> naming) {
    this.naming.lock();
    try {
      if (over || named) {
        return OptionalInt.empty();
      }
      int result = naming.applyAsInt(name);
      named = result == 0;
      return OptionalInt.of(result);
    } finally {
      this.naming.unlock();
    }
  }

  /** From now on it needs no name; answers whether it has one. */
  boolean end() {
    naming.lock();
    try {
      over = true;
      return named;
    } finally {
      naming.unlock();
    }
  }
}
