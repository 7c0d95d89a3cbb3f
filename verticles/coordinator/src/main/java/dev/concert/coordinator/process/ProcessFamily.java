package dev.concert.coordinator.process;

import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * All processes of an agent: what descends from its first one or is in its session, and whatever
 * carries its socket's path in the environment, also when it left that session.
 *
 * @param first id of the process that was started, where it is known to be that one
 * @param socket path of the agent's socket
 */
record ProcessFamily(OptionalLong first, String socket) {
  private static final String SOCKET_VARIABLE = "CONCERT_IPC_SOCKET";
  private static final int ROUNDS = 100;
  private static final long PAUSE_NS = 5_000_000L;

  /** Those that run now. Reads files: not for event loops. */
  Set<ProcessTable.Entry> running() {
    ProcessTable table = ProcessTable.read();
    Set<ProcessTable.Entry> running =
        new HashSet<>(table.withVariable(SOCKET_VARIABLE, socket::equals));
    first.ifPresent(pid -> running.addAll(table.family(pid)));
    return running;
  }

  /**
   * Kills them until none is found: what is forked while one looks shows up only in the next look.
   * Blocks for half a second at most.
   */
  void killAll() {
    Set<ProcessTable.Entry> running = running();
    for (int round = 0; round < ROUNDS && !running.isEmpty(); round++) {
      running.forEach(ProcessTable::kill);
      LockSupport.parkNanos(PAUSE_NS);
      running = running();
    }
  }
}
