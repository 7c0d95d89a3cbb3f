package dev.concert.chronicle.workspace;

import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.OpenDirectory;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.tree.IncomingNames;
import dev.concert.chronicle.view.PosixTreeView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Names of files on their way into a workspace. They are written beside the tree, in the folder for
 * orphans, and get their path when they are whole. A mount looks for such names in that folder and
 * lists none of them, so that a rename within the mount brings a file in.
 */
final class UploadNames {
  private UploadNames() {}

  /** A name of a change that is made only where the file in the tree is like this. */
  static String newName(Optional<Signature> expected) {
    return expected.map(IncomingNames::newName).orElseGet(IncomingNames::newName);
  }

  /**
   * What a mount does by itself at a rename from or to a name with a condition. Whoever calls this
   * lets no other change of the workspace through.
   *
   * @throws PosixException {@code ECANCELED} where the file is not like this
   */
  static void compare(OpenDirectory folder, String name, Signature expected) {
    if (folder.status(name).map(PosixTreeView::signature).filter(expected::equals).isEmpty()) {
      throw new PosixException(Errno.ECANCELED, "compare");
    }
  }

  static boolean isName(String path) {
    return IncomingNames.isName(path);
  }

  /** Deletes what a killed process left. */
  static void clear(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(folder, IncomingNames.PREFIX + "*")) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete files that did not arrive", e);
    }
  }
}
