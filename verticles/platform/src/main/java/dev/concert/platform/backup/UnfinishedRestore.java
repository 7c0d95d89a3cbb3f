package dev.concert.platform.backup;

import dev.concert.foundation.files.FolderRemoval;
import dev.concert.foundation.files.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The mark of a folder into which a restore is under way, or was cut: no server uses such a folder,
 * and the restore can be repeated. Blocks.
 */
public record UnfinishedRestore(Path folder) {
  private static final String FILE = "restore.unfinished";

  public boolean isMarked() {
    return Files.exists(folder.resolve(FILE));
  }

  /** Marks the folder, which is made where it is missing, and removes what a cut restore left. */
  void begin() throws IOException {
    PrivateFiles.createDirectories(folder);
    boolean again = isMarked();
    PrivateFiles.create(folder.resolve(FILE));
    if (again) {
      for (Path left : inside()) {
        if (!left.endsWith(FILE)) {
          FolderRemoval.remove(left);
        }
      }
    }
  }

  private List<Path> inside() throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.toList();
    }
  }

  /** Everything is restored. */
  void end() throws IOException {
    Files.delete(folder.resolve(FILE));
  }
}
