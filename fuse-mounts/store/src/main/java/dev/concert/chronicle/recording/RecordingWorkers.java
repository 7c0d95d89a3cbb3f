package dev.concert.chronicle.recording;

import dev.concert.chronicle.posix.ThreadPriority;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * The threads that apply the change logs of all workspaces of a host: few, and none when there is
 * nothing to do. Thread-safe.
 */
public final class RecordingWorkers implements AutoCloseable {
  private static final int APPLYING = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 8);
  private static final int READING = 2;
  private static final Duration KEPT = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Whoever works in a workspace shall not notice that it is recorded. */
  private final ScheduledThreadPoolExecutor applying =
      threads("applying", APPLYING, ThreadPriority::yielding);

  private final ScheduledThreadPoolExecutor reading =
      threads("reading", READING, UnaryOperator.identity());

  private static ScheduledThreadPoolExecutor threads(
      String name, int most, UnaryOperator<Runnable> running) {
    AtomicInteger number = new AtomicInteger();
    ScheduledThreadPoolExecutor threads =
        new ScheduledThreadPoolExecutor(
            most,
            work ->
                Thread.ofPlatform()
                    .daemon()
                    .name("chronicle-" + name + "-" + number.incrementAndGet())
                    .unstarted(running.apply(work)));
    threads.setKeepAliveTime(KEPT.toMillis(), TimeUnit.MILLISECONDS);
    threads.allowCoreThreadTimeOut(true);
    threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return threads;
  }

  /** Runs work that catches its own failures. */
  public void run(Runnable work) {
    applying.execute(work);
  }

  public void runLater(Duration delay, Runnable work) {
    applying.schedule(work, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Reads a large content, which catches its own failures, apart from all other work. */
  void read(Runnable reading) {
    this.reading.execute(reading);
  }

  /** To be called when the workspaces are closed; waits for what is running. */
  @Override
  public void close() {
    for (ScheduledThreadPoolExecutor threads : List.of(applying, reading)) {
      threads.shutdown();
      try {
        if (!threads.awaitTermination(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
          threads.shutdownNow();
        }
      } catch (InterruptedException e) {
        threads.shutdownNow();
        Thread.currentThread().interrupt();
      }
    }
  }
}
