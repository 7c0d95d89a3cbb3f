package dev.concert.chronicle.tree;

/** How a file is told apart: by its name, or by a handle where it may have none any more. */
public sealed interface Place {
  /**
   * @param path relative to the root
   */
  record Named(String path) implements Place {}

  /**
   * @param handle by which it is open
   */
  record Open(long handle) implements Place {}
}
