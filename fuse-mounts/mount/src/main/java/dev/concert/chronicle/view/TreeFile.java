package dev.concert.chronicle.view;

import dev.concert.chronicle.iteration.Signature;

/**
 * A file of the tree.
 *
 * @param mode permission bits
 */
public record TreeFile(String path, Type type, int mode, Signature signature) {
  public enum Type {
    FILE,
    DIRECTORY,
    SYMLINK,
    /** A socket, pipe or device. */
    OTHER
  }
}
