package dev.concert.coordinator.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each agent its {@link ProcessLimit}: a control group below {@code concert} where this user
 * may make one (cgroup v2, or the {@code pids} hierarchy of v1), else a watch.
 *
 * <p>Groups carry a mark of the instances folder in their name, so that coordinators on one host do
 * not touch each other's. Touches files: not for event loops.
 */
public final class ProcessLimits implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessLimits.class);
  private static final Pattern GROUP = Pattern.compile("[0-9a-f]{8}\\..+");
  private static final Duration ABANDONED_AFTER = Duration.ofMinutes(1);
  private static final Path V1 = Path.of("/sys/fs/cgroup/pids");
  private static final Path V2 = Path.of("/sys/fs/cgroup");

  private final Optional<Path> parent;
  private final String mark;
  private final int processes;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("podium-process-watch").daemon().factory());

  private ProcessLimits(Optional<Path> parent, String mark, int processes) {
    this.parent = parent;
    this.mark = mark;
    this.processes = processes;
  }

  /** Finds out what this host gives. */
  public static ProcessLimits find(Path instances, int processes) {
    String mark =
        UUID.nameUUIDFromBytes(instances.toString().getBytes(StandardCharsets.UTF_8))
            .toString()
            .substring(0, 8);
    Optional<Path> parent = parent(mark);
    if (parent.isEmpty()) {
      LOG.info("No control group for agents on this host: their processes are counted instead.");
    }
    return new ProcessLimits(parent, mark, processes);
  }

  private static Optional<Path> parent(String mark) {
    return Stream.of(V1, V2)
        .filter(root -> works(root.resolve("concert"), mark))
        .findFirst()
        .map(root -> root.resolve("concert"));
  }

  private static boolean works(Path parent, String mark) {
    boolean v1 = parent.startsWith(V1);
    if (!Files.exists(parent.resolveSibling(v1 ? "tasks" : "cgroup.controllers"))) {
      return false;
    }
    Path trial = parent.resolve(mark + ".trial-" + UUID.randomUUID());
    try {
      Files.createDirectories(parent);
      if (!v1) {
        enable(parent.getParent());
        enable(parent);
      }
      Files.createDirectory(trial);
      boolean limited = Files.isWritable(trial.resolve("pids.max"));
      Files.delete(trial);
      return limited;
    } catch (IOException e) {
      LOG.debug("No control group at {}", parent, e);
      return false;
    }
  }

  private static void enable(Path group) throws IOException {
    Files.writeString(group.resolve("cgroup.subtree_control"), "+pids");
  }

  /** {@code cgroup} or {@code watch}. */
  public String kind() {
    return parent.isPresent() ? "cgroup" : "watch";
  }

  /** A limit for one process of an instance. */
  public ProcessLimit of(String instanceId, Path socket) throws IOException {
    return parent.isPresent()
        ? PidsCgroup.create(parent.get().resolve(mark + "." + instanceId), processes)
        : new ProcessWatch(clock, processes, socket.toString());
  }

  /**
   * Kills what an earlier coordinator of the same instances folder left in its groups, and removes
   * the empty groups of coordinators that will not come back.
   */
  public void clearLeftOvers() {
    for (Path group : groups()) {
      if (group.getFileName().toString().startsWith(mark + ".")) {
        LOG.warn("Killing what is left in control group {}", group.getFileName());
        PidsCgroup left = PidsCgroup.leftOver(group);
        left.killAll();
        left.close();
      } else {
        removeAbandoned(group);
      }
    }
  }

  private static void removeAbandoned(Path group) {
    try {
      // A young one may belong to an agent that is just being started.
      Instant made = Files.getLastModifiedTime(group).toInstant();
      if (made.isBefore(Instant.now().minus(ABANDONED_AFTER))) {
        Files.delete(group);
      }
    } catch (IOException e) {
      LOG.debug("Control group {} is in use", group.getFileName(), e);
    }
  }

  private List<Path> groups() {
    if (parent.isEmpty()) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(parent.get())) {
      return children
          .filter(Files::isDirectory)
          .filter(child -> GROUP.matcher(child.getFileName().toString()).matches())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + parent.get(), e);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
