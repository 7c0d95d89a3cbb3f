package dev.concert.coordinator.sandbox;

import java.util.List;

/**
 * Bounds how many processes and threads one agent has, and finds all of them when they are to be
 * killed. Blocks: not for event loops.
 */
public sealed interface ProcessLimit permits PidsCgroup, ProcessWatch {

  /** What goes before a command, so that the process is under the limit before it runs. */
  List<String> prefix();

  /**
   * Begins to watch the process that was started; {@code overrun} is called when it has too many.
   */
  void watch(long pid, Runnable overrun);

  /** Kills everything under the limit; returns when it is gone, or after a second. */
  void killAll();

  /** Forgets the limit. To be called when nothing is left under it. */
  void close();
}
