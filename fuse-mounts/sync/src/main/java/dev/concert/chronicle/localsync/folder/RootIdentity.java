package dev.concert.chronicle.localsync.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * Whether the folder is still the one that it was. Behind the name of an unmounted disk is another,
 * empty folder; taken for the real one it would mean that everything was deleted.
 *
 * @param key device and inode; null where the system has none, which compares as equal
 */
record RootIdentity(Path root, Object key, SyncStop halt) {

  /**
   * @throws SyncException where it cannot be read
   */
  static RootIdentity of(Path root, SyncStop halt) {
    try {
      return new RootIdentity(root, read(root), halt);
    } catch (IOException e) {
      throw new SyncException("%s cannot be read.".formatted(root));
    }
  }

  private static Object read(Path root) throws IOException {
    return Files.readAttributes(root, BasicFileAttributes.class).fileKey();
  }

  /**
   * @throws SyncException where it is gone, or another one
   */
  void check() {
    halt.check();
    if (!isTheSame()) {
      throw halt.because(
          "%s is not the folder that it was (moved, deleted or unmounted?); nothing was deleted in the workspace."
              .formatted(root));
    }
  }

  private boolean isTheSame() {
    try {
      return Files.isDirectory(root) && Objects.equals(key, read(root));
    } catch (IOException gone) {
      return false;
    }
  }
}
