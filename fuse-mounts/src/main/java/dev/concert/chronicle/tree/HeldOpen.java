package dev.concert.chronicle.tree;

import dev.concert.chronicle.posix.Directory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records files that are held open and written for long, at most every second.
 *
 * <p>Whoever writes on waits until that content is stored. So a large file is recorded less often,
 * one second more for each 16 MiB: else one that grows steadily would be stored again and again.
 * Thread-safe.
 */
final class HeldOpen {
  private static final Logger LOG = LoggerFactory.getLogger(HeldOpen.class);
  private static final long SIZE_PER_SECOND = 16 * 1024 * 1024;

  private final OpenFiles files;
  private final ChangeNotes changes;
  private final ReadWriteLock names = new ReentrantReadWriteLock();

  HeldOpen(OpenFiles files, ChangeNotes changes) {
    this.files = files;
    this.changes = changes;
  }

  /** Runs what changes names: no file is recorded meanwhile under the name that it loses. */
  int naming(IntSupplier work) {
    names.readLock().lock();
    try {
      return work.getAsInt();
    } finally {
      names.readLock().unlock();
    }
  }

  /**
   * Records what is due.
   *
   * @param now as {@link System#nanoTime} counts
   */
  void record(long now) {
    for (OpenFile file : files.all()) {
      long age = now - file.recordedAt();
      if (file.unrecorded() == OpenFile.Unrecorded.CONTENT && age >= TimeUnit.SECONDS.toNanos(1)) {
        record(file, age);
      }
    }
  }

  private void record(OpenFile file, long age) {
    names.writeLock().lock();
    try {
      file.whileOpen(
          () -> {
            long size = Directory.statusOf(file.descriptor()).size();
            if (age >= TimeUnit.SECONDS.toNanos(1 + size / SIZE_PER_SECOND)) {
              changes.record(file.path(), file);
            }
          });
    } catch (RuntimeException failure) {
      LOG.error("{} is held open and cannot be recorded", file.path(), failure);
    } finally {
      names.writeLock().unlock();
    }
  }
}
