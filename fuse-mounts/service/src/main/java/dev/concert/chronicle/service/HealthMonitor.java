package dev.concert.chronicle.service;

import dev.concert.chronicle.health.DiskProbe;
import dev.concert.chronicle.health.HealthProblem;
import dev.concert.chronicle.health.HealthReporter;
import dev.concert.chronicle.workspace.ChronicleOptions;
import dev.concert.chronicle.workspace.Workspaces;
import dev.concert.workspace.WorkspaceMessages.WorkspaceCondition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks after the workspaces that are in use: whether their disks can be written and their changes
 * recorded. For one thread at a time; blocks.
 */
final class HealthMonitor {
  private final Workspaces workspaces;
  private final List<DiskProbe> disks;
  private final HealthReporter watch;

  HealthMonitor(
      Workspaces workspaces, ChronicleOptions options, Consumer<WorkspaceCondition> listener) {
    this.workspaces = workspaces;
    this.disks = List.of(new DiskProbe(options.instances()), new DiskProbe(options.contentStore()));
    this.watch = new HealthReporter((id, problem) -> listener.accept(wire(id, problem)));
  }

  private static WorkspaceCondition wire(String id, Optional<HealthProblem> problem) {
    return new WorkspaceCondition(
        id,
        problem.map(what -> what.code().name()).orElse(""),
        problem.map(HealthProblem::message).orElse(""));
  }

  /** What is wrong now; nothing is tried while no workspace is in use. */
  void look() {
    Map<String, HealthProblem> found = new HashMap<>();
    List<String> inUse = workspaces.inUse();
    if (!inUse.isEmpty()) {
      workspaces.failures().forEach((id, why) -> found.put(id, HealthProblem.of(why)));
      disks.stream()
          .map(disk -> disk.look().orElse(null))
          .filter(Objects::nonNull)
          .findFirst()
          .ifPresent(disk -> inUse.forEach(id -> found.put(id, disk)));
    }
    watch.look(found);
  }
}
