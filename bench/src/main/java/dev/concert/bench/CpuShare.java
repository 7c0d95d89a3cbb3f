package dev.concert.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A bound on the processor time of a process, by Linux's control groups: nodes of one machine then
 * do not take from each other, nor from who asks them.
 *
 * <p>Formats: the kernel's documentation, {@code admin-guide/cgroup-v2.rst} and {@code
 * scheduler/sched-bwc.rst}.
 */
final class CpuShare implements AutoCloseable {
  private static final Path ONE = Path.of("/sys/fs/cgroup/cpu");
  private static final Path TWO = Path.of("/sys/fs/cgroup");
  private static final int PERIOD_US = 100_000;

  private final Path group;
  private final long pid;

  private CpuShare(Path group, long pid) {
    this.group = group;
    this.pid = pid;
  }

  /**
   * @param percent of one core
   * @return empty where this host does not let us
   */
  static Optional<CpuShare> of(long pid, int percent) {
    int quota = PERIOD_US * percent / 100;
    String name = "concert-bench-" + pid;
    try {
      boolean second = Files.exists(TWO.resolve("cgroup.controllers"));
      Path group = Files.createDirectory((second ? TWO : ONE).resolve(name));
      if (second) {
        Files.writeString(group.resolve("cpu.max"), quota + " " + PERIOD_US);
      } else {
        Files.writeString(group.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_US));
        Files.writeString(group.resolve("cpu.cfs_quota_us"), Integer.toString(quota));
      }
      Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
      return Optional.of(new CpuShare(group, pid));
    } catch (IOException notHere) {
      return Optional.empty();
    }
  }

  /** Before the end of its process, which would take its time. */
  @Override
  public void close() throws IOException {
    Files.writeString(group.resolveSibling("cgroup.procs"), Long.toString(pid));
    Files.delete(group);
  }
}
