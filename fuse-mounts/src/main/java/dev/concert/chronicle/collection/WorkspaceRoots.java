package dev.concert.chronicle.collection;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.iteration.JournalContents;
import dev.concert.chronicle.recording.PendingContents;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What the workspaces of this host need: contents in their journals and change logs. */
public record WorkspaceRoots(Path instances) implements Roots {
  private static final String JOURNAL = "chronicle.db";

  @Override
  public void each(Consumer<Blob> taker) throws IOException {
    for (Path metadata : metadata()) {
      // In this order: what leaves the log is in the journal before.
      PendingContents.each(metadata, taker);
      JournalContents.each(metadata.resolve(JOURNAL), taker);
    }
  }

  /** Journals of all workspaces, by name of the workspace. */
  public List<Path> journals() throws IOException {
    return metadata().stream().map(folder -> folder.resolve(JOURNAL)).toList();
  }

  private List<Path> metadata() throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(instances)) {
      try (DirectoryStream<Path> workspaces = Files.newDirectoryStream(instances)) {
        for (Path workspace : workspaces) {
          Path metadata = workspace.resolve("chronicle").resolve("metadata");
          if (Files.isDirectory(metadata)) {
            found.add(metadata);
          }
        }
      }
    }
    found.sort(null);
    return found;
  }
}
