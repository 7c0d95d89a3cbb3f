package dev.concert.chronicle.workspace;

import dev.concert.chronicle.trouble.DiskProbe;
import dev.concert.chronicle.trouble.Trouble;
import dev.concert.chronicle.trouble.TroubleWatch;
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
final class Conditions {
  private final Workspaces workspaces;
  private final List<DiskProbe> disks;
  private final TroubleWatch watch;

  Conditions(
      Workspaces workspaces, ChronicleOptions options, Consumer<WorkspaceCondition> listener) {
    this.workspaces = workspaces;
    this.disks = List.of(new DiskProbe(options.instances()), new DiskProbe(options.contentStore()));
    this.watch = new TroubleWatch((id, trouble) -> listener.accept(wire(id, trouble)));
  }

  private static WorkspaceCondition wire(String id, Optional<Trouble> trouble) {
    return new WorkspaceCondition(
        id,
        trouble.map(what -> what.code().name()).orElse(""),
        trouble.map(Trouble::message).orElse(""));
  }

  /** What is wrong now; nothing is tried while no workspace is in use. */
  void look() {
    Map<String, Trouble> found = new HashMap<>();
    List<String> inUse = workspaces.inUse();
    if (!inUse.isEmpty()) {
      workspaces.troubles().forEach((id, why) -> found.put(id, Trouble.of(why)));
      disks.stream()
          .map(disk -> disk.look().orElse(null))
          .filter(Objects::nonNull)
          .findFirst()
          .ifPresent(disk -> inUse.forEach(id -> found.put(id, disk)));
    }
    watch.look(found);
  }
}
