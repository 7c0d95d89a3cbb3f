package dev.concert.coordinator.sandbox;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts an agent's processes and threads every 250 ms, where the host gives no control group.
 * Between two counts an agent can go over the limit; then it has to be ended.
 */
final class ProcessWatch implements ProcessLimit {
  private static final long INTERVAL_MS = 250;
  private static final int ROUNDS = 100;
  private static final long PAUSE_NS = 5_000_000L;

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
    for (int round = 0; round < ROUNDS; round++) {
      ProcessTable table = ProcessTable.read();
      Set<ProcessTable.Entry> members = pid == 0 ? Set.of() : table.family(pid);
      List<ProcessTable.Entry> marked = table.withVariable("CONCERT_IPC_SOCKET", socket::equals);
      if (members.isEmpty() && marked.isEmpty()) {
        return;
      }
      members.forEach(ProcessTable::kill);
      marked.forEach(ProcessTable::kill);
      LockSupport.parkNanos(PAUSE_NS);
    }
  }

  @Override
  public void close() {
    if (watching != null) {
      watching.cancel(false);
    }
  }
}
