package dev.concert.chronicle.tree;

import dev.concert.chronicle.posix.Directory;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileCalls;
import dev.concert.chronicle.posix.OpenCalls;
import java.util.concurrent.locks.ReentrantLock;

/** A file that a process has open. Thread-safe. */
final class OpenFile {
  /** What has not been recorded yet. */
  enum Unrecorded {
    NOTHING,
    /**
     * It was made or emptied by opening it. A shell that redirects output closes a copy of the
     * descriptor before anything is written, so this alone is no reason to record at a close.
     */
    OPENING,
    CONTENT
  }

  private final ReentrantLock closing = new ReentrantLock();
  private final int descriptor;
  private final boolean readable;
  private volatile String path;
  private volatile long inode;
  private volatile long recordedAt = System.nanoTime();
  private volatile Unrecorded unrecorded;
  private volatile boolean untouched = true;
  private boolean closed;

  /**
   * @param path the name it is opened by
   * @param readable whether its content can be read back by the descriptor
   */
  OpenFile(String path, int descriptor, boolean readable, Unrecorded unrecorded) {
    this.path = path;
    this.descriptor = descriptor;
    this.readable = readable;
    this.unrecorded = unrecorded;
  }

  /** What the name it was opened by is now; empty where that is gone. */
  String path() {
    return path;
  }

  void path(String renamed) {
    path = renamed;
  }

  int descriptor() {
    return descriptor;
  }

  long inode() {
    if (inode == 0) {
      inode = Directory.statusOf(descriptor).inode();
    }
    return inode;
  }

  boolean isReadable() {
    return readable;
  }

  Unrecorded unrecorded() {
    return unrecorded;
  }

  /** Nothing has changed by it since it was opened. */
  boolean isUntouched() {
    return untouched;
  }

  /** Answers whether that is news. */
  boolean changed() {
    untouched = false;
    if (unrecorded == Unrecorded.CONTENT) {
      return false;
    }
    unrecorded = Unrecorded.CONTENT;
    return true;
  }

  /** It was emptied by opening it. */
  void opened() {
    untouched = false;
    if (unrecorded == Unrecorded.NOTHING) {
      unrecorded = Unrecorded.OPENING;
    }
  }

  void recording() {
    recordedAt = System.nanoTime();
    unrecorded = Unrecorded.NOTHING;
  }

  /** When it was opened or recorded last, by {@link System#nanoTime}. */
  long recordedAt() {
    return recordedAt;
  }

  /** A descriptor of its own for the same file, or a negative errno. */
  int openAgain(int flags) {
    closing.lock();
    try {
      return closed ? -Errno.EBADF : OpenCalls.again(descriptor, flags);
    } finally {
      closing.unlock();
    }
  }

  /** Runs the work if the descriptor is open, which it stays meanwhile. */
  void whileOpen(Runnable work) {
    closing.lock();
    try {
      if (!closed) {
        work.run();
      }
    } finally {
      closing.unlock();
    }
  }

  int close() {
    closing.lock();
    try {
      closed = true;
      return FileCalls.close(descriptor);
    } finally {
      closing.unlock();
    }
  }
}
