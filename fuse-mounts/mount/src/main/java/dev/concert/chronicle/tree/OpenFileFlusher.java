package dev.concert.chronicle.tree;

import dev.concert.chronicle.posix.OpenDirectory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records files that are held open and written for a long time: every second, large ones less
 * often, at 16 MiB a second, because the writer waits while they are read. Thread-safe.
 */
final class OpenFileFlusher {
  private static final Logger LOG = LoggerFactory.getLogger(OpenFileFlusher.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final long BYTES_A_SECOND = 16L << 20;

  private final OpenFiles files;
  private final ChangeReporter changes;
  private final AtomicBoolean watching = new AtomicBoolean();

  OpenFileFlusher(OpenFiles files, ChangeReporter changes) {
    this.files = files;
    this.changes = changes;
  }

  /** A file changed for the first time since it was recorded. */
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

  /** Returns whether the file needs no further look. */
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
      // It still counts as changed, and the close reports the failure to its process.
      LOG.debug("A file that is held open cannot be recorded yet", failure);
      return false;
    }
  }

  private static long period(OpenFile file) {
    long size = OpenDirectory.statusOf(file.descriptor()).allocated();
    return Math.max(1, size / BYTES_A_SECOND) * PERIOD.toNanos();
  }
}
