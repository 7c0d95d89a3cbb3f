package dev.concert.chronicle.recording;

import dev.concert.foundation.retry.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an applier when there is something to apply, by one thread at a time, and again after a
 * while when that failed, whatever the failure was. Thread-safe.
 */
final class ApplierLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApplierLoop.class);
  private static final Duration LINGER = Duration.ofMillis(5);

  /** The journal writes a page once for all records that came meanwhile. */
  static final Duration BETWEEN = Duration.ofMillis(50);

  /**
   * The same where much comes: a page is written for hundreds of records instead of tens, and what
   * brings them has the processors for itself meanwhile.
   */
  private static final Duration BETWEEN_MANY = Duration.ofMillis(500);

  private static final int MANY = 200;

  private static final Backoff BACKOFF = Backoff.of(Duration.ofMillis(50), Duration.ofSeconds(1));
  private static final int BATCHES = 16;

  private enum State {
    IDLE,
    SCHEDULED,
    RUNNING,
    /** Something came since the last look. */
    RUNNING_AND_WANTED
  }

  private final Applier applier;
  private final ApplyProgress progress;
  private final RecordingWorkers workers;
  private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
  private final ReentrantLock running = new ReentrantLock();
  private int failures;
  private volatile long ranAt = System.nanoTime() - BETWEEN.toNanos();
  private volatile Duration between = BETWEEN;
  private volatile boolean hurried;
  private volatile boolean closed;

  ApplierLoop(Applier applier, ApplyProgress progress, RecordingWorkers workers) {
    this.applier = applier;
    this.progress = progress;
    this.workers = workers;
  }

  /** There is something to apply. Others that come shortly after are applied with it. */
  void wake() {
    if (want()) {
      Duration rest = between.minusNanos(System.nanoTime() - ranAt);
      workers.runLater(rest.compareTo(LINGER) > 0 ? rest : LINGER, this::run);
    }
  }

  /** The same for one who waits for it. */
  void hurry() {
    want();
    hurried = true;
    workers.run(this::run);
  }

  /** Answers whether the caller has to see to it that it runs. */
  private boolean want() {
    while (true) {
      State seen = state.get();
      switch (seen) {
        case SCHEDULED, RUNNING_AND_WANTED -> {
          return false;
        }
        case IDLE -> {
          if (state.compareAndSet(seen, State.SCHEDULED)) {
            return true;
          }
        }
        case RUNNING -> {
          if (state.compareAndSet(seen, State.RUNNING_AND_WANTED)) {
            return false;
          }
        }
      }
    }
  }

  private void run() {
    if (!state.compareAndSet(State.SCHEDULED, State.RUNNING)) {
      return;
    }
    running.lock();
    try {
      if (closed) {
        return;
      }
      hurried = false;
      boolean more = applySome();
      failures = 0;
      ranAt = System.nanoTime();
      if (more || !state.compareAndSet(State.RUNNING, State.IDLE)) {
        again(more || hurried ? Duration.ZERO : between);
      }
    } catch (Throwable failure) {
      failed(failure);
    } finally {
      running.unlock();
    }
  }

  /**
   * Applies what is there now. What comes meanwhile is left for the next time: else the journal
   * would be entered for each record of one who writes as fast as records are applied.
   */
  private boolean applySome() throws IOException {
    long last = applier.last();
    between = last - progress.applied() < MANY ? BETWEEN : BETWEEN_MANY;
    for (int batch = 0; batch < BATCHES && !closed; batch++) {
      Optional<Long> applied = applier.apply();
      if (applied.isEmpty()) {
        return false;
      }
      progress.applied(applied.get());
      if (applied.get() >= last) {
        return false;
      }
    }
    return true;
  }

  private void failed(Throwable failure) {
    if (progress.failure().isEmpty()) {
      LOG.error("Changes of a workspace cannot be entered; it is tried again", failure);
    }
    progress.failed(failure);
    again(BACKOFF.after(++failures));
  }

  private void again(Duration delay) {
    state.set(State.SCHEDULED);
    workers.runLater(delay, this::run);
  }

  /** Waits for one who is at it; nothing is applied afterwards. */
  @Override
  public void close() {
    closed = true;
    running.lock();
    try {
      applier.close();
    } catch (IOException e) {
      LOG.warn("The change log that was read cannot be closed", e);
    } finally {
      running.unlock();
    }
  }
}
