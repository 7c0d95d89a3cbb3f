package dev.concert.chronicle.view;

import dev.concert.chronicle.content.OpenContent;
import java.util.List;
import java.util.Optional;

/**
 * Reads the files of a tree. No path, whatever it is, opens or lists anything outside the tree.
 * Thread-safe; every method blocks.
 */
public interface TreeView extends AutoCloseable {

  /** The file at a path; a symlink is not followed. */
  Optional<TreeFile> find(String path);

  /** The entries of a folder, sorted by name; empty if there is no such folder. */
  List<TreeFile> children(String folder);

  /**
   * Opens a regular file. Symlinks are followed as long as they stay inside.
   *
   * @throws EscapeException when one leads out
   */
  Optional<OpenContent> open(String path);

  /** The target of a symlink, which need not be text; empty if the path is none. */
  Optional<byte[]> readLink(String path);

  @Override
  void close();

  /** The path leads out of the tree. */
  final class EscapeException extends RuntimeException {
    public EscapeException(String path) {
      super("Leads out of the workspace: " + path, null, false, false);
    }
  }
}
