package dev.concert.chronicle.recording;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How far the log is applied, and whether applying it works. Thread-safe. */
final class ApplyProgress {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long applied;
  private long failures;
  private Optional<Throwable> failure = Optional.empty();

  ApplyProgress(long applied) {
    this.applied = applied;
  }

  void applied(long number) {
    lock.lock();
    try {
      applied = number;
      failure = Optional.empty();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Number of the last record that is applied. */
  long applied() {
    lock.lock();
    try {
      return applied;
    } finally {
      lock.unlock();
    }
  }

  void failed(Throwable reason) {
    lock.lock();
    try {
      failures++;
      failure = Optional.of(reason);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Why the last attempt failed; empty when it did not. */
  Optional<Throwable> failure() {
    lock.lock();
    try {
      return failure;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until a record is applied.
   *
   * @return whether it is; false when the time is over, the thread is interrupted, or an attempt
   *     failed meanwhile
   */
  boolean await(long number, Duration timeout) {
    lock.lock();
    try {
      long before = failures;
      long left = timeout.toNanos();
      while (applied < number && failures == before && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return isApplied(number);
  }

  boolean isApplied(long number) {
    lock.lock();
    try {
      return applied >= number;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something more is applied, an attempt fails, or the time is over. */
  void awaitAdvance(long millis) {
    lock.lock();
    try {
      changed.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
