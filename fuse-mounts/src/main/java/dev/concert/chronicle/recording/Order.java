package dev.concert.chronicle.recording;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Content that was promised and is to be stored, by whoever comes first. Thread-safe. */
final class Order {
  private final String path;
  private final long inode;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition tried = lock.newCondition();
  private boolean done;
  private boolean failed;

  Order(String path, long inode) {
    this.path = path;
    this.inode = inode;
  }

  String path() {
    return path;
  }

  long inode() {
    return inode;
  }

  /** Runs work that neither completes the order nor lets anybody else do so meanwhile. */
  void hold(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }

  /** Runs the work unless that succeeded before; waits for another who is at it. */
  void complete(Runnable work) {
    lock.lock();
    try {
      if (!done) {
        failed = true;
        work.run();
        done = true;
        failed = false;
      }
    } finally {
      tried.signalAll();
      lock.unlock();
    }
  }

  boolean isFailed() {
    lock.lock();
    try {
      return failed;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until it is done or has failed once, or the time is over. */
  void await(long deadlineNanos) {
    try {
      if (lock.tryLock(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        try {
          long left = deadlineNanos - System.nanoTime();
          while (!done && !failed && left > 0) {
            left = tried.awaitNanos(left);
          }
        } finally {
          lock.unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
