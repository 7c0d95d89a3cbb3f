package dev.concert.chronicle.tree;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * Who changes the content of a file and who records it do so one after the other. Those who change
 * it do not wait for each other. Thread-safe.
 */
final class ContentGates {
  private static final int GATES = 64;

  private final ReentrantReadWriteLock[] gates =
      Stream.generate(ReentrantReadWriteLock::new)
          .limit(GATES)
          .toArray(ReentrantReadWriteLock[]::new);

  private ReentrantReadWriteLock of(long inode) {
    return gates[Math.floorMod(inode, GATES)];
  }

  int change(long inode, IntSupplier change) {
    ReentrantReadWriteLock gate = of(inode);
    gate.readLock().lock();
    try {
      return change.getAsInt();
    } finally {
      gate.readLock().unlock();
    }
  }

  void record(long inode, Runnable recording) {
    ReentrantReadWriteLock gate = of(inode);
    gate.writeLock().lock();
    try {
      recording.run();
    } finally {
      gate.writeLock().unlock();
    }
  }
}
