package dev.concert.chronicle.magic;

import dev.concert.chronicle.iteration.Iteration;
import java.util.Set;

/** What a magic path leads to. */
sealed interface Node {

  /**
   * @param names of its entries; empty where they are too many to be named
   */
  record Folder(Set<String> names) implements Node {}

  /** A file that was written for the question. */
  record Text(byte[] bytes, long modified) implements Node {}

  /** A file's or a symbolic link's content from the store. */
  record Version(Iteration iteration) implements Node {}
}
