package dev.concert.ensemble.demo.task;

import java.util.List;

/**
 * A part of a request. A task keeps no state: its next move follows from the results of its earlier
 * moves, so the same conversation always continues in the same way.
 */
@FunctionalInterface
public interface Task {

  /**
   * @param past the tool calls this task has made, in order, with their results
   */
  NextMove next(List<ToolExchange> past);
}
