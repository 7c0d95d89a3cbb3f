package dev.concert.ensemble.demo.task;

import java.util.Map;

/** The next move of a task. */
public sealed interface NextMove {

  /**
   * Calls a tool.
   *
   * @param thinking the reason for the call
   * @param text the text before the call
   * @param arguments in the order in which they are written
   */
  record Act(String thinking, String text, String tool, Map<String, Object> arguments)
      implements NextMove {}

  /** The task is done. */
  record Done(String report) implements NextMove {}

  /** The task cannot be done; later tasks are not started. */
  record Stopped(String report) implements NextMove {}
}
