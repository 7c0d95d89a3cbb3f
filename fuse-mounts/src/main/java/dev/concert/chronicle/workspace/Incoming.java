package dev.concert.chronicle.workspace;

import dev.concert.chronicle.tree.Arrivals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Names of files on their way into a workspace. They are written beside the tree, in the folder for
 * orphans, and get their path when they are whole. A mount looks for such names in that folder and
 * lists none of them, so that a rename within the mount brings a file in.
 */
final class Incoming {
  private Incoming() {}

  static String newName() {
    return Arrivals.PREFIX + UUID.randomUUID();
  }

  static boolean isName(String path) {
    return Arrivals.isName(path);
  }

  /** Deletes what a killed process left. */
  static void clear(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, Arrivals.PREFIX + "*")) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete files that did not arrive", e);
    }
  }
}
