package dev.concert.coordinator.cgroup;

import dev.concert.coordinator.config.ResourceLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One group of processes in all hierarchies: the kernel holds its limits. It refuses the fork that
 * would be one too many, ends the group that needs too much memory, and lets one that needs too
 * much CPU wait. Blocks: not for event loops.
 */
public final class Cgroup {
  private static final Logger LOG = LoggerFactory.getLogger(Cgroup.class);
  private static final long TIMEOUT_NS = 1_000_000_000L;
  private static final long PAUSE_NS = 2_000_000L;
  private static final int PERIOD_US = 100_000;
  private static final String MEMBERS = "cgroup.procs";
  private static final String PROCESSES = "pids.max";

  private final List<Path> folders;
  private final CgroupFolders removal;

  private Cgroup(List<Path> folders, CgroupFolders removal) {
    this.folders = List.copyOf(folders);
    this.removal = removal;
  }

  /**
   * Makes the group and sets its limits.
   *
   * @param hierarchies at least one
   */
  public static Cgroup create(List<CgroupHierarchy> hierarchies, String name, ResourceLimits limits)
      throws IOException {
    List<Path> made = new ArrayList<>();
    Cgroup group;
    try {
      for (CgroupHierarchy hierarchy : hierarchies) {
        Path folder = hierarchy.make(name);
        made.add(folder);
        limit(hierarchy, folder, limits);
      }
      group = new Cgroup(made, hierarchies.getFirst().folders());
    } catch (IOException e) {
      new Cgroup(made, hierarchies.getFirst().folders()).remove();
      throw e;
    }
    return group;
  }

  /** A group that another process made; folders that are gone do not matter. */
  public static Cgroup existing(List<Path> folders) {
    return new Cgroup(folders, CgroupFolders.KERNEL);
  }

  /**
   * The groups that are there and whose names begin with this.
   *
   * @throws IOException when the groups cannot be listed
   */
  public static List<Cgroup> named(List<CgroupHierarchy> hierarchies, String prefix)
      throws IOException {
    Set<String> names = new HashSet<>();
    for (CgroupHierarchy hierarchy : hierarchies) {
      hierarchy.names().stream().filter(name -> name.startsWith(prefix)).forEach(names::add);
    }
    return names.stream()
        .map(name -> hierarchies.stream().map(one -> one.folder().resolve(name)).toList())
        .map(found -> new Cgroup(found, hierarchies.getFirst().folders()))
        .toList();
  }

  private static void limit(CgroupHierarchy hierarchy, Path folder, ResourceLimits limits)
      throws IOException {
    boolean v1 = hierarchy.version() == CgroupVersion.V1;
    long quota = Math.round(limits.cpus() * PERIOD_US);
    String memory = Long.toString(limits.memory().bytes());
    for (CgroupController controller : hierarchy.controllers()) {
      String file = controller.limitFile(hierarchy.version());
      switch (controller) {
        case PIDS -> write(folder, file, Integer.toString(limits.processes()));
        case CPU -> write(folder, file, v1 ? Long.toString(quota) : quota + " " + PERIOD_US);
        case MEMORY -> {
          write(folder, file, memory);
          // Swap counts as memory, or the limit would only make the host swap.
          writeIfThere(
              folder, v1 ? "memory.memsw.limit_in_bytes" : "memory.swap.max", v1 ? memory : "0");
          // Version 1 has no such file: there the coordinator ends the rest of the group.
          writeIfThere(folder, "memory.oom.group", "1");
        }
      }
    }
  }

  private static void write(Path folder, String file, String value) throws IOException {
    Files.writeString(folder.resolve(file), value);
  }

  private static void writeIfThere(Path folder, String file, String value) throws IOException {
    if (Files.exists(folder.resolve(file))) {
      write(folder, file, value);
    }
  }

  /** Its folders, one in each hierarchy. */
  public List<Path> folders() {
    return folders;
  }

  /** The files by which a process enters the group: it writes its id to each. */
  public List<Path> entrances() {
    return folders.stream().map(folder -> folder.resolve(MEMBERS)).toList();
  }

  /** Ids of its processes. */
  public Set<Long> members() throws IOException {
    Set<Long> all = new HashSet<>();
    for (Path folder : folders) {
      all.addAll(members(folder));
    }
    return all;
  }

  static Set<Long> members(Path folder) throws IOException {
    Set<Long> members = new HashSet<>();
    try {
      Files.readAllLines(folder.resolve(MEMBERS)).stream()
          .map(Long::parseLong)
          .filter(pid -> pid > 0) // 0 is a process of another namespace
          .forEach(members::add);
    } catch (NoSuchFileException gone) {
      LOG.debug("Group {} is gone, and with it its processes", folder);
    }
    return members;
  }

  /** Where the kernel counts how often it killed a process of the group for memory. */
  public Optional<Path> memoryEvents() {
    return folders.stream()
        .flatMap(
            folder ->
                Stream.of(folder.resolve("memory.events"), folder.resolve("memory.oom_control")))
        .filter(Files::exists)
        .findFirst();
  }

  /** How many processes of the group the kernel killed because its memory was used up. */
  public static long memoryKills(String events) {
    return events
        .lines()
        .map(line -> line.split(" "))
        .filter(line -> line[0].equals("oom_kill"))
        .mapToLong(line -> Long.parseLong(line[1]))
        .sum();
  }

  /** Does something while no process of the group can start another. */
  public void withoutForks(Runnable work) throws IOException {
    Optional<Path> limit =
        folders.stream().map(one -> one.resolve(PROCESSES)).filter(Files::exists).findFirst();
    if (limit.isEmpty()) {
      work.run();
      return;
    }
    String before = Files.readString(limit.get()).strip();
    Files.writeString(limit.get(), "0");
    try {
      work.run();
    } finally {
      Files.writeString(limit.get(), before);
    }
  }

  /** Kills all its processes; returns when they are gone, or after a second. */
  public void killAll() {
    try {
      for (Path folder : folders) {
        writeIfThere(folder, PROCESSES, "0"); // no new ones while the old are killed
        writeIfThere(folder, "cgroup.kill", "1");
      }
      long deadline = System.nanoTime() + TIMEOUT_NS;
      Set<Long> left = members();
      while (!left.isEmpty() && System.nanoTime() < deadline) {
        for (Path folder : folders) {
          writeIfThere(folder, PROCESSES, "0"); // withoutForks that ends now puts the old one back
        }
        left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        LockSupport.parkNanos(PAUSE_NS);
        left = members();
      }
      if (!left.isEmpty()) {
        LOG.error("Processes {} of {} do not die", left, folders.getFirst().getFileName());
      }
    } catch (NoSuchFileException gone) {
      LOG.debug("A group is gone, and with it its processes", gone);
    } catch (IOException e) {
      LOG.error("The processes of {} cannot be killed", folders, e);
    }
  }

  /** Removes the group, which has no processes any more; tries it for a second at most. */
  public void remove() {
    long deadline = System.nanoTime() + TIMEOUT_NS;
    for (Path folder : folders) {
      // The kernel holds a group for a moment after its last process.
      while (Files.exists(folder)) {
        try {
          removal.remove(folder);
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

  /** Removes the group, and the one above it, which another start may have made elsewhere. */
  public void removeWithParent() {
    remove();
    folders.forEach(this::removeParent);
  }

  private void removeParent(Path folder) {
    try {
      removal.remove(folder.getParent());
    } catch (IOException e) {
      LOG.debug("The group above {} is in use", folder, e);
    }
  }
}
