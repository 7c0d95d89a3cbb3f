package dev.concert.chronicle.recording;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.recording.LastingContent.Kept;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Content that was promised and is read by whoever comes first: a worker, or one who wants to
 * change the file. Thread-safe.
 */
final class Capture {
  private final long size;
  private final ReentrantLock reading = new ReentrantLock();
  private final Kept content;
  private Optional<Blob> blob = Optional.empty();
  private boolean closed;

  private final ReentrantLock naming = new ReentrantLock();
  private boolean named;
  private boolean over;

  Capture(Kept content, long size) {
    this.content = content;
    this.size = size;
  }

  /** Bytes when it was promised. */
  long size() {
    return size;
  }

  /** Runs work while nobody can read the content. */
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
   * @param work stores the content and logs that
   */
  Blob complete(Function<Kept, Blob> work) {
    reading.lock();
    try {
      if (blob.isEmpty()) {
        if (closed) {
          throw new IllegalStateException("The workspace is closed");
        }
        blob = Optional.of(work.apply(content));
        close();
      }
      return blob.get();
    } finally {
      reading.unlock();
    }
  }

  /** Gives the file free, read or not. */
  void close() {
    reading.lock();
    try {
      if (!closed) {
        closed = true;
        content.close();
      }
    } finally {
      reading.unlock();
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
