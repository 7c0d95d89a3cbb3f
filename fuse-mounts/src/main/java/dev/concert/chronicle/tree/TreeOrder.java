package dev.concert.chronicle.tree;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Keeps what happens to a path and what is reported of it in one order: who changes names of a
 * folder has the tree for itself, all others have their path. Thread-safe.
 */
final class TreeOrder {
  private final ReentrantReadWriteLock names = new ReentrantReadWriteLock();
  private final PathLocks paths = new PathLocks();

  /** Nobody else works along the same path, and no name changes on the way to it. */
  int along(String path, IntSupplier work) {
    names.readLock().lock();
    try {
      return paths.with(path, work);
    } finally {
      names.readLock().unlock();
    }
  }

  /** No name changes. */
  <T> T amongFixedNames(Supplier<T> work) {
    names.readLock().lock();
    try {
      return work.get();
    } finally {
      names.readLock().unlock();
    }
  }

  /** Nobody else works. */
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
