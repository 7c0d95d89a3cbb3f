package dev.concert.coordinator.sandbox;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Counts an agent's processes and threads every 250 ms, where the host gives no control group.
 * Between two counts an agent can go over the limit; then it has to be ended.
 */
final class ProcessWatch implements ProcessLimit {
  private static final long INTERVAL_MS = 250;

  private final ScheduledExecutorService clock;
  private final int processes;
  private final String socket;
  private volatile long pid;
  private volatile ScheduledFuture<?> watching;

  /**
   * @param socket path of the agent's socket: its processes carry it in their environment, also
   *     those that left its session
   */
  ProcessWatch(ScheduledExecutorService clock, int processes, String socket) {
    this.clock = clock;
    this.processes = processes;
    this.socket = socket;
  }

  @Override
  public List<String> prefix() {
    return List.of();
  }

  @Override
  public void watch(long started, Runnable overrun) {
    pid = started;
    watching =
        clock.scheduleWithFixedDelay(
            () -> {
              long threads =
                  ProcessTable.read().family(pid).stream()
                      .mapToLong(ProcessTable.Entry::threads)
                      .sum();
              if (threads > processes) {
                overrun.run();
              }
            },
            INTERVAL_MS,
            INTERVAL_MS,
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void killAll() {
    long started = pid;
    OptionalLong first = started == 0 ? OptionalLong.empty() : OptionalLong.of(started);
    new AgentProcesses(first, socket).killAll();
  }

  @Override
  public void close() {
    if (watching != null) {
      watching.cancel(false);
    }
  }
}
