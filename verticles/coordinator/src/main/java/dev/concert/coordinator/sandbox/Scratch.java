package dev.concert.coordinator.sandbox;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** The folder that serves a process without a sandbox as {@code HOME} and {@code TMPDIR}. */
public final class Scratch {
  private Scratch() {}

  /** Makes it anew, empty. */
  public static Path make(Path instanceFolder) throws IOException {
    remove(instanceFolder);
    return Files.createDirectory(folder(instanceFolder));
  }

  /** Removes it with all that is in it; links are removed, not followed. */
  public static void remove(Path instanceFolder) throws IOException {
    Path folder = folder(instanceFolder);
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static Path folder(Path instanceFolder) {
    return instanceFolder.resolve("scratch");
  }
}
