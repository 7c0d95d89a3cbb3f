package dev.concert.chronicle.tree;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * Read-write locks by inode: a file is not recorded while its content changes. Changes do not wait
 * for each other. Thread-safe.
 */
final class InodeLocks {
  private static final int LOCKS = 64;

  private final ReentrantReadWriteLock[] locks =
      Stream.generate(ReentrantReadWriteLock::new)
          .limit(LOCKS)
          .toArray(ReentrantReadWriteLock[]::new);

  private ReentrantReadWriteLock of(long inode) {
    return locks[Math.floorMod(inode, LOCKS)];
  }

  int change(long inode, IntSupplier change) {
    ReentrantReadWriteLock lock = of(inode);
    lock.readLock().lock();
    try {
      return change.getAsInt();
    } finally {
      lock.readLock().unlock();
    }
  }

  void record(long inode, Runnable recording) {
    alone(
        inode,
        () -> {
          recording.run();
          return 0;
        });
  }

  /** Runs the work while the content of the file does not change. */
  int alone(long inode, IntSupplier work) {
    ReentrantReadWriteLock lock = of(inode);
    lock.writeLock().lock();
    try {
      return work.getAsInt();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
