package dev.concert.chronicle.tree;

import dev.concert.chronicle.recording.Recorder;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes that could not be recorded, because the disk was full or broken: when it is not any more,
 * the tree is compared with what was recorded. Thread-safe.
 */
final class Missed {
  private static final Logger LOG = LoggerFactory.getLogger(Missed.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Recorder recorder;
  private final Runnable reconciliation;
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile boolean some;
  private volatile boolean closed;

  Missed(Recorder recorder, Runnable reconciliation) {
    this.recorder = recorder;
    this.reconciliation = reconciliation;
  }

  /** A change was missed that its process is told of. */
  void add() {
    some = true;
    if (looking.compareAndSet(false, true)) {
      recorder.later(PAUSE, this::look);
    }
  }

  /** A change was missed that its process cannot be told of, because it is done. */
  void add(RuntimeException failure) {
    if (!some) {
      LOG.error("A change cannot be recorded; the workspace is compared later", failure);
    }
    add();
  }

  private void look() {
    if (closed) {
      return;
    }
    some = false;
    try {
      reconciliation.run();
    } catch (Throwable failure) {
      LOG.debug("The workspace cannot be compared yet", failure);
      some = true;
    }
    looking.set(false);
    if (some) {
      add();
    }
  }

  void close() {
    closed = true;
  }
}
