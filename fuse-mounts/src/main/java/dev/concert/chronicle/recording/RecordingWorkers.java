package dev.concert.chronicle.recording;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that apply the change logs of all workspaces of a host: few, and none when there is
 * nothing to do. Thread-safe.
 */
public final class RecordingWorkers implements AutoCloseable {
  private static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 8);
  private static final Duration KEPT = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ScheduledThreadPoolExecutor threads;

  public RecordingWorkers() {
    AtomicInteger number = new AtomicInteger();
    threads =
        new ScheduledThreadPoolExecutor(
            THREADS,
            work ->
                Thread.ofPlatform()
                    .daemon()
                    .name("chronicle-recording-" + number.incrementAndGet())
                    .unstarted(work));
    threads.setKeepAliveTime(KEPT.toMillis(), TimeUnit.MILLISECONDS);
    threads.allowCoreThreadTimeOut(true);
    threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Runs work that catches its own failures. */
  public void run(Runnable work) {
    threads.execute(work);
  }

  public void runLater(Duration delay, Runnable work) {
    threads.schedule(work, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** To be called when the workspaces are closed; waits for what is running. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
