package dev.concert.coordinator.process;

import dev.concert.foundation.files.FolderRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that serves a process without a sandbox as {@code HOME} and {@code TMPDIR}. */
public final class TempDirectory {
  private TempDirectory() {}

  /** Makes it anew, empty. */
  public static Path make(Path instanceFolder) throws IOException {
    remove(instanceFolder);
    return Files.createDirectory(folder(instanceFolder));
  }

  /** Removes it with all that is in it; links are removed, not followed. */
  public static void remove(Path instanceFolder) throws IOException {
    FolderRemoval.remove(folder(instanceFolder));
  }

  private static Path folder(Path instanceFolder) {
    return instanceFolder.resolve("scratch");
  }
}
