package dev.concert.chronicle.tree;

/** A reference to a file: by its name, or by a handle if it may have no name any more. */
public sealed interface FileRef {
  /**
   * @param path relative to the root
   */
  record Named(String path) implements FileRef {}

  /**
   * @param handle of the open file
   */
  record Open(long handle) implements FileRef {}
}
