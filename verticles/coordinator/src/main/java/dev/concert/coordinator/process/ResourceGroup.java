package dev.concert.coordinator.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * All processes of one agent: bounds what they use together, and finds them when they are to be
 * killed. Blocks: not for event loops.
 */
sealed interface ResourceGroup permits AgentCgroup, ProcessCounter {
  int ROUNDS = 100;
  long PAUSE_NS = 5_000_000L;

  /** Files to each of which a process writes its id to be in the group; may be none. */
  List<Path> entrances();

  /** Folders of the control group; none where it is not one. */
  List<Path> folders();

  /**
   * Begins to watch the process that was started.
   *
   * @param overrun called, on some thread, when the agent must be ended
   */
  void watch(long pid, Runnable overrun);

  /** The limit that was passed; empty when none was. */
  Optional<ResourceOverrun> overrun();

  /** Its processes. */
  Set<ProcessTable.Entry> members();

  /** Kills the members of which this holds, and returns when they are gone; the others continue. */
  void kill(Predicate<ProcessTable.Entry> which);

  /** Kills everything in the group; returns when it is gone, or after a second. */
  void killAll();

  /** Forgets the group. To be called when nothing is left in it. */
  void close();

  /** Kills until none is found: what is forked while one looks shows up only in the next look. */
  static void killUntilGone(ResourceGroup group, Predicate<ProcessTable.Entry> which) {
    Set<ProcessTable.Entry> found = matching(group, which);
    for (int round = 0; round < ROUNDS && !found.isEmpty(); round++) {
      found.forEach(ProcessTable::kill);
      LockSupport.parkNanos(PAUSE_NS);
      found = matching(group, which);
    }
  }

  private static Set<ProcessTable.Entry> matching(
      ResourceGroup group, Predicate<ProcessTable.Entry> which) {
    return group.members().stream().filter(which).collect(Collectors.toSet());
  }
}
