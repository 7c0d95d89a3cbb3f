package dev.concert.chronicle.history;

import dev.concert.chronicle.iteration.Iteration;
import java.util.Set;

/** What a path below {@code .chronicle} leads to. */
sealed interface HistoryNode {

  /**
   * @param names of its entries; empty if they are too many to list
   */
  record Folder(Set<String> names) implements HistoryNode {}

  /** A generated file. */
  record Text(byte[] bytes, long modified) implements HistoryNode {}

  /** A file's or a symbolic link's content from the store. */
  record Version(Iteration iteration) implements HistoryNode {}
}
