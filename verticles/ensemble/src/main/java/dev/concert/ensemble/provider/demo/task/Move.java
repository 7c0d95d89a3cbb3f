package dev.concert.ensemble.provider.demo.task;

import java.util.Map;

/** What a task does next. */
public sealed interface Move {

  /**
   * Calls a tool.
   *
   * @param thinking why
   * @param text what is said before the call
   * @param arguments in the order in which they are written
   */
  record Act(String thinking, String text, String tool, Map<String, Object> arguments)
      implements Move {}

  /** The task is done. */
  record Done(String report) implements Move {}

  /** The task cannot be done, and what was to follow is not tried. */
  record Stopped(String report) implements Move {}
}
