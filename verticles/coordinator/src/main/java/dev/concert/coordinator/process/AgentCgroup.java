package dev.concert.coordinator.process;

import dev.concert.coordinator.cgroup.Cgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An agent's processes in a control group: the kernel holds the limits. */
final class AgentCgroup implements ResourceGroup {
  private static final Logger LOG = LoggerFactory.getLogger(AgentCgroup.class);
  private static final long INTERVAL_MS = 500;

  private final Cgroup cgroup;
  private final ScheduledExecutorService clock;
  private final Optional<Path> memoryEvents;
  private volatile ScheduledFuture<?> watching;

  AgentCgroup(Cgroup cgroup, ScheduledExecutorService clock) {
    this.cgroup = cgroup;
    this.clock = clock;
    this.memoryEvents = cgroup.memoryEvents();
  }

  @Override
  public List<Path> entrances() {
    return cgroup.entrances();
  }

  @Override
  public List<Path> folders() {
    return cgroup.folders();
  }

  /**
   * Looks twice a second whether memory ran out: version 1 kills one process of the group, which
   * may be one that the agent started, and the rest would go on with half of its work gone.
   */
  @Override
  public void watch(long pid, Runnable overrun) {
    if (memoryEvents.isPresent()) {
      watching =
          clock.scheduleWithFixedDelay(
              () -> overrun().ifPresent(passed -> overrun.run()),
              INTERVAL_MS,
              INTERVAL_MS,
              TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public Optional<ResourceOverrun> overrun() {
    return memoryEvents.filter(file -> kills(file) > 0).map(killed -> ResourceOverrun.MEMORY);
  }

  private static long kills(Path file) {
    try {
      return Cgroup.memoryKills(Files.readString(file));
    } catch (IOException e) {
      LOG.debug("{} cannot be read: its group is gone", file, e);
      return 0;
    }
  }

  @Override
  public Set<ProcessTable.Entry> members() {
    try {
      return cgroup.members().stream()
          .flatMap(pid -> ProcessTable.entry(pid).stream())
          .collect(Collectors.toSet());
    } catch (IOException e) {
      LOG.debug("A group cannot be read: it is gone, and with it its processes", e);
      return Set.of();
    }
  }

  @Override
  public void kill(Predicate<ProcessTable.Entry> which) {
    try {
      cgroup.withoutForks(() -> ResourceGroup.killUntilGone(this, which));
    } catch (IOException e) {
      LOG.warn("Processes of {} may be left over", cgroup.folders(), e);
    }
  }

  @Override
  public void killAll() {
    cgroup.killAll();
  }

  @Override
  public void close() {
    if (watching != null) {
      watching.cancel(false);
    }
    cgroup.remove();
  }
}
