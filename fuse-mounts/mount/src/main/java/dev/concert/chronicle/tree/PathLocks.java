package dev.concert.chronicle.tree;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/** One lock for each path that is in use. Thread-safe. */
final class PathLocks {
  private static final class Counted {
    private final ReentrantLock lock = new ReentrantLock();
    private int users;
  }

  private final Map<String, Counted> locks = new ConcurrentHashMap<>();

  /** Runs the work with the lock of a path. */
  int with(String path, IntSupplier work) {
    Counted counted =
        locks.compute(
            path,
            (key, known) -> {
              Counted mine = known == null ? new Counted() : known;
              mine.users++;
              return mine;
            });
    counted.lock.lock();
    try {
      return work.getAsInt();
    } finally {
      counted.lock.unlock();
      locks.computeIfPresent(path, (key, known) -> --known.users == 0 ? null : known);
    }
  }
}
