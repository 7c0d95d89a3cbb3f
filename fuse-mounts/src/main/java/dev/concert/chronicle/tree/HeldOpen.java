package dev.concert.chronicle.tree;

import dev.concert.chronicle.posix.Directory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records files that are held open and written for long: every second, large ones less often, by 16
 * MiB a second, because who goes on writing waits until they are read. Thread-safe.
 */
final class HeldOpen {
  private static final Logger LOG = LoggerFactory.getLogger(HeldOpen.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final long BYTES_A_SECOND = 16L << 20;

  private final OpenFiles files;
  private final ChangeNotes changes;
  private final AtomicBoolean watching = new AtomicBoolean();

  HeldOpen(OpenFiles files, ChangeNotes changes) {
    this.files = files;
    this.changes = changes;
  }

  /** A file has changed that was not before. */
  void watch() {
    if (!watching.get() && watching.compareAndSet(false, true)) {
      changes.recorder().later(PERIOD, this::look);
    }
  }

  private void look() {
    watching.set(false);
    boolean more = false;
    for (OpenFile file : files.writable()) {
      if (isDue(file) && !record(file)) {
        more = true;
      }
    }
    if (more) {
      watch();
    }
  }

  private static boolean isDue(OpenFile file) {
    return file.unrecorded() == OpenFile.Unrecorded.CONTENT && file.isReadable();
  }

  /** Answers whether it need not be looked at again. */
  private boolean record(OpenFile file) {
    try {
      file.whileOpen(
          () -> {
            if (System.nanoTime() - file.recordedAt() >= period(file)) {
              changes.record(file);
            }
          });
      return file.unrecorded() == OpenFile.Unrecorded.NOTHING;
    } catch (Throwable failure) {
      // It counts as changed still, and the close will tell its process.
      LOG.debug("A file that is held open cannot be recorded yet", failure);
      return false;
    }
  }

  private static long period(OpenFile file) {
    long size = Directory.statusOf(file.descriptor()).size();
    return Math.max(1, size / BYTES_A_SECOND) * PERIOD.toNanos();
  }
}
