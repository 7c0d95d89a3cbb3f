package dev.concert.chronicle.tree;

import dev.concert.chronicle.recording.Recorder;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers that changes could not be recorded, because the disk was full or failed, and compares
 * the tree with the records when the disk works again. Thread-safe.
 */
final class RescanQueue {
  private static final Logger LOG = LoggerFactory.getLogger(RescanQueue.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Recorder recorder;
  private final Runnable reconciliation;
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile boolean pending;
  private volatile boolean closed;

  RescanQueue(Recorder recorder, Runnable reconciliation) {
    this.recorder = recorder;
    this.reconciliation = reconciliation;
  }

  /** A change was not recorded, and its process gets an error. */
  void add() {
    pending = true;
    if (looking.compareAndSet(false, true)) {
      recorder.later(PAUSE, this::look);
    }
  }

  /** A change was not recorded, and its process gets no error, because the change is done. */
  void add(RuntimeException failure) {
    if (!pending) {
      LOG.error("A change cannot be recorded; the workspace is compared later", failure);
    }
    add();
  }

  private void look() {
    if (closed) {
      return;
    }
    pending = false;
    try {
      reconciliation.run();
    } catch (Throwable failure) {
      LOG.debug("The workspace cannot be compared yet", failure);
      pending = true;
    }
    looking.set(false);
    if (pending) {
      add();
    }
  }

  void close() {
    closed = true;
  }
}
