package dev.concert.coordinator.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A control group of the {@code pids} controller: the kernel refuses the fork that would be one too
 * many, so the agent goes on and the host does not notice.
 */
final class PidsCgroup implements ProcessLimit {
  private static final Logger LOG = LoggerFactory.getLogger(PidsCgroup.class);
  private static final long PATIENCE_NS = 1_000_000_000L;
  private static final long PAUSE_NS = 2_000_000L;

  private final Path folder;

  private PidsCgroup(Path folder) {
    this.folder = folder;
  }

  /** Makes the group. */
  static PidsCgroup create(Path folder, int processes) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("pids.max"), Integer.toString(processes));
    return new PidsCgroup(folder);
  }

  /** A group that a coordinator before this one left. */
  static PidsCgroup leftOver(Path folder) {
    return new PidsCgroup(folder);
  }

  @Override
  public List<String> prefix() {
    return List.of(
        "/bin/sh",
        "-c",
        "echo $$ > \"$0\" && exec \"$@\"",
        folder.resolve("cgroup.procs").toString());
  }

  @Override
  public void watch(long pid, Runnable overrun) {
    // The kernel keeps the limit.
  }

  @Override
  public void killAll() {
    try {
      Files.writeString(folder.resolve("pids.max"), "0"); // no new ones while the old are killed
      long deadline = System.nanoTime() + PATIENCE_NS;
      List<String> members = members();
      while (!members.isEmpty() && System.nanoTime() < deadline) {
        members.forEach(
            pid -> ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly));
        LockSupport.parkNanos(PAUSE_NS);
        members = members();
      }
      if (!members.isEmpty()) {
        LOG.error("Processes {} of {} do not die", members, folder.getFileName());
      }
    } catch (NoSuchFileException gone) {
      LOG.debug("Group {} is gone, and with it its processes", folder.getFileName());
    } catch (IOException e) {
      LOG.error("The processes of {} cannot be killed", folder.getFileName(), e);
    }
  }

  private List<String> members() throws IOException {
    return Files.readAllLines(folder.resolve("cgroup.procs"));
  }

  @Override
  public void close() {
    long deadline = System.nanoTime() + PATIENCE_NS;
    // The kernel holds a group for a moment after its last process.
    while (Files.exists(folder)) {
      try {
        Files.deleteIfExists(folder);
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          LOG.warn("Control group {} is left over: {}", folder, e.getMessage());
          return;
        }
        LockSupport.parkNanos(PAUSE_NS);
      }
    }
  }
}
