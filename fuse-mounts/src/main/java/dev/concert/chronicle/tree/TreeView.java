package dev.concert.chronicle.tree;

import java.util.List;
import java.util.Optional;

/**
 * The files as a reader sees them. Whatever path is given, nothing outside the tree is ever opened
 * or listed. Thread-safe; every method blocks.
 */
public interface TreeView extends AutoCloseable {

  /** The file itself, a symlink not followed. */
  Optional<TreeFile> find(String path);

  /** What is in a folder, by name; empty where there is no such folder. */
  List<TreeFile> children(String folder);

  /**
   * Opens a regular file. Symlinks are followed as long as they stay inside.
   *
   * @throws EscapeException when one leads out
   */
  Optional<OpenContent> open(String path);

  /** The target of a symlink; empty where it is none any more. */
  Optional<String> readLink(String path);

  @Override
  void close();

  /** The path leads out of the tree. */
  final class EscapeException extends RuntimeException {
    public EscapeException(String path) {
      super("Leads out of the workspace: " + path, null, false, false);
    }
  }
}
