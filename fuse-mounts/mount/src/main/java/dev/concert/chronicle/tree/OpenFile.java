package dev.concert.chronicle.tree;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileCalls;
import dev.concert.chronicle.posix.OpenCalls;
import dev.concert.chronicle.posix.OpenDirectory;
import dev.concert.chronicle.posix.PosixException;
import java.util.concurrent.locks.ReentrantLock;

/** A file that a process has open. Thread-safe. */
final class OpenFile {
  /** What is not recorded yet. */
  enum Unrecorded {
    NOTHING,
    /**
     * The open created or truncated it. A shell that redirects output closes a copy of the
     * descriptor before anything is written, so a close does not record this alone.
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
  private volatile boolean mappable;
  private boolean closed;

  /**
   * @param path by which it is opened
   * @param readable whether the descriptor can read its content
   */
  OpenFile(String path, int descriptor, boolean readable, Unrecorded unrecorded) {
    this.path = path;
    this.descriptor = descriptor;
    this.readable = readable;
    this.unrecorded = unrecorded;
  }

  /** The present path of the name that it was opened by; empty if that is gone. */
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
      inode = OpenDirectory.statusOf(descriptor).inode();
    }
    return inode;
  }

  boolean isReadable() {
    return readable;
  }

  /** The process may read and write it. */
  void mayBeMapped() {
    mappable = true;
  }

  /** Whether it is this file, and a process may write it by a mapping. */
  boolean isMappable(long inode) {
    try {
      return mappable && inode() == inode;
    } catch (PosixException closedMeanwhile) {
      return false;
    }
  }

  Unrecorded unrecorded() {
    return unrecorded;
  }

  /** Whether nothing was changed by this handle. */
  boolean isUntouched() {
    return untouched;
  }

  /** Notes a change; returns whether it is the first one since the last record. */
  boolean changed() {
    untouched = false;
    if (unrecorded == Unrecorded.CONTENT) {
      return false;
    }
    unrecorded = Unrecorded.CONTENT;
    return true;
  }

  /** The open truncated it. */
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

  /** When it was opened or recorded last, as {@link System#nanoTime}. */
  long recordedAt() {
    return recordedAt;
  }

  /** Opens another descriptor of the same file; returns it or a negative errno. */
  int openAgain(int flags) {
    closing.lock();
    try {
      return closed ? -Errno.EBADF : OpenCalls.again(descriptor, flags);
    } finally {
      closing.unlock();
    }
  }

  /** Runs the work if the descriptor is open, and keeps it open meanwhile. */
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
