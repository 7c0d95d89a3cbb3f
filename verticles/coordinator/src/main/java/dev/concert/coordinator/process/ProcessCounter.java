package dev.concert.coordinator.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Counts an agent's processes and threads every 250 ms, where the host gives no control group.
 * Between two counts an agent can go over the limit; then it must be ended.
 */
final class ProcessCounter implements ResourceGroup {
  private static final long INTERVAL_MS = 250;

  private final ScheduledExecutorService clock;
  private final int processes;
  private final String socket;
  private volatile long pid;
  private volatile boolean passed;
  private volatile ScheduledFuture<?> watching;

  /**
   * @param socket path of the agent's socket: its processes carry it in their environment, also
   *     those that left its session
   */
  ProcessCounter(ScheduledExecutorService clock, int processes, String socket) {
    this.clock = clock;
    this.processes = processes;
    this.socket = socket;
  }

  @Override
  public List<Path> entrances() {
    return List.of();
  }

  @Override
  public List<Path> folders() {
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
                passed = true;
                overrun.run();
              }
            },
            INTERVAL_MS,
            INTERVAL_MS,
            TimeUnit.MILLISECONDS);
  }

  @Override
  public Optional<ResourceOverrun> overrun() {
    return passed ? Optional.of(ResourceOverrun.PROCESSES) : Optional.empty();
  }

  private ProcessFamily family() {
    long started = pid;
    return new ProcessFamily(
        started == 0 ? OptionalLong.empty() : OptionalLong.of(started), socket);
  }

  @Override
  public Set<ProcessTable.Entry> members() {
    return family().running();
  }

  @Override
  public void kill(Predicate<ProcessTable.Entry> which) {
    ResourceGroup.killUntilGone(this, which);
  }

  @Override
  public void killAll() {
    family().killAll();
  }

  @Override
  public void close() {
    if (watching != null) {
      watching.cancel(false);
    }
  }
}
