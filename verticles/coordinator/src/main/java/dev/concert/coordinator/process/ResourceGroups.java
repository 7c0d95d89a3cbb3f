package dev.concert.coordinator.process;

import dev.concert.coordinator.cgroup.Cgroup;
import dev.concert.coordinator.cgroup.CgroupController;
import dev.concert.coordinator.cgroup.CgroupFolders;
import dev.concert.coordinator.cgroup.CgroupHierarchy;
import dev.concert.coordinator.config.ResourceLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each agent its {@link ResourceGroup}: a control group below {@code concert} where this user
 * may make one (version 1 or 2), else its processes are counted.
 *
 * <p>Groups carry a mark of the instances folder in their name, so that coordinators on one host do
 * not touch each other's. Touches files: not for event loops.
 */
public final class ResourceGroups implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ResourceGroups.class);
  private static final Path SELF = Path.of("/proc/self");

  private final List<CgroupHierarchy> hierarchies;
  private final String mark;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("podium-process-watch").daemon().factory());

  private ResourceGroups(List<CgroupHierarchy> hierarchies, String mark) {
    this.hierarchies = hierarchies;
    this.mark = mark;
  }

  /** Finds out what this host gives. */
  public static ResourceGroups find(Path instances) {
    return in(CgroupHierarchy.find(SELF, CgroupFolders.KERNEL), instances);
  }

  /**
   * @param hierarchies where to make groups
   */
  static ResourceGroups in(List<CgroupHierarchy> hierarchies, Path instances) {
    String mark =
        UUID.nameUUIDFromBytes(instances.toString().getBytes(StandardCharsets.UTF_8))
            .toString()
            .substring(0, 8);
    boolean counts = hierarchies.stream().anyMatch(one -> has(one, CgroupController.PIDS));
    // Without a bound on processes a group cannot be killed for certain.
    return new ResourceGroups(counts ? hierarchies : List.of(), mark);
  }

  private static boolean has(CgroupHierarchy hierarchy, CgroupController controller) {
    return hierarchy.controllers().contains(controller);
  }

  /** {@code cgroup} or {@code watch}. */
  public String kind() {
    return hierarchies.isEmpty() ? "watch" : "cgroup";
  }

  /** The controllers that this host does not give: what they limit is not limited. */
  public Set<CgroupController> missing() {
    Set<CgroupController> missing = EnumSet.allOf(CgroupController.class);
    hierarchies.forEach(hierarchy -> missing.removeAll(hierarchy.controllers()));
    return missing;
  }

  /** A group for one process of an instance. */
  ResourceGroup of(String instanceId, Path socket, ResourceLimits limits) throws IOException {
    return hierarchies.isEmpty()
        ? new ProcessCounter(clock, limits.processes(), socket.toString())
        : new AgentCgroup(Cgroup.create(hierarchies, mark + "." + instanceId, limits), clock);
  }

  /**
   * Kills what a coordinator of the same instances folder left in its groups, this one or another.
   */
  public void killOrphans() {
    if (hierarchies.isEmpty()) {
      return;
    }
    try {
      for (Cgroup left : Cgroup.named(hierarchies, mark + ".")) {
        LOG.warn("Killing what is left in control group {}", left.folders().getFirst());
        left.killAll();
        left.remove();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The control groups of agents cannot be listed", e);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    hierarchies.forEach(CgroupHierarchy::removeIfEmpty);
  }
}
