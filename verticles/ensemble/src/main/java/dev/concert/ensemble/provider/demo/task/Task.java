package dev.concert.ensemble.provider.demo.task;

import java.util.List;

/**
 * One thing the demo model was asked to do. A task remembers nothing: its next move follows from
 * what its earlier moves led to, so the same conversation always goes on the same way.
 */
@FunctionalInterface
public interface Task {

  /**
   * @param past the tool calls this task has made, in order, with their results
   */
  Move next(List<Exchange> past);
}
