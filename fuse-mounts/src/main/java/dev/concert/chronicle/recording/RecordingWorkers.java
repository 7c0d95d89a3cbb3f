package dev.concert.chronicle.recording;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that record in the background, shared by all workspaces of the host. */
public final class RecordingWorkers implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int MOST_WAITING = 4096;

  private final AtomicInteger waiting = new AtomicInteger();
  private final ScheduledThreadPoolExecutor threads = threads("chronicle-recording", THREADS);
  private final ScheduledThreadPoolExecutor timer = threads("chronicle-timer", 1);

  private static ScheduledThreadPoolExecutor threads(String name, int count) {
    ScheduledThreadPoolExecutor made =
        new ScheduledThreadPoolExecutor(
            count, work -> Thread.ofPlatform().daemon().name(name).unstarted(work));
    made.setRemoveOnCancelPolicy(true);
    made.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return made;
  }

  /** Whether more may be given; who is told no does the work himself. */
  boolean hasRoom() {
    return waiting.get() < MOST_WAITING;
  }

  /** Runs the work, which must not throw, when a thread is free. */
  void run(Runnable work) {
    waiting.incrementAndGet();
    threads.execute(
        () -> {
          waiting.decrementAndGet();
          work.run();
        });
  }

  /** Runs the work, which must not throw, after a while. */
  void runLater(Duration delay, Runnable work) {
    if (!threads.isShutdown()) {
      threads.schedule(work, delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Runs quick work after a while, however much there is to record. */
  public void tick(Duration delay, Runnable work) {
    timer.schedule(work, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    threads.shutdownNow();
  }
}
