package dev.concert.chronicle.tree;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Keeps the changes of a path and their reports in the same order. A rename locks the whole tree;
 * every other change locks its path. Thread-safe.
 */
final class NamespaceLock {
  private final ReentrantReadWriteLock names = new ReentrantReadWriteLock();
  private final PathLocks paths = new PathLocks();

  /** Runs the work with the lock of a path, and without renames. */
  int along(String path, IntSupplier work) {
    names.readLock().lock();
    try {
      return paths.with(path, work);
    } finally {
      names.readLock().unlock();
    }
  }

  /** Runs the work without renames. */
  <T> T amongFixedNames(Supplier<T> work) {
    names.readLock().lock();
    try {
      return work.get();
    } finally {
      names.readLock().unlock();
    }
  }

  /** Runs the work with the lock of the whole tree. */
  void alone(Runnable work) {
    alone(
        () -> {
          work.run();
          return 0;
        });
  }

  /** The same for work with a result. */
  int alone(IntSupplier work) {
    names.writeLock().lock();
    try {
      return work.getAsInt();
    } finally {
      names.writeLock().unlock();
    }
  }
}
