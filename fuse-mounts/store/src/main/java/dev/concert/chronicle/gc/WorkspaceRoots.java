package dev.concert.chronicle.gc;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.journal.JournalContents;
import dev.concert.chronicle.recording.changelog.PendingContents;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What the workspaces of this host need: contents in their journals and change logs. */
public record WorkspaceRoots(Path instances) implements GcRoots {
  private static final String JOURNAL = "chronicle.db";

  @Override
  public void each(Consumer<Blob> taker) throws IOException {
    for (Path metadata : metadata()) {
      // In this order: what leaves the log is in the journal before.
      PendingContents.each(metadata, taker);
      JournalContents.each(metadata.resolve(JOURNAL), taker);
    }
  }

  /** Where contents are named, as {@code workspace: path @ iteration}, by their hash. */
  public Map<String, List<String>> places(Set<String> hashes) throws IOException {
    Map<String, List<String>> found = new HashMap<>();
    journals()
        .forEach(
            (workspace, journal) -> {
              for (JournalContents.Place place : JournalContents.places(journal, hashes)) {
                found
                    .computeIfAbsent(place.hash(), key -> new ArrayList<>())
                    .add("%s: %s @ %d".formatted(workspace, place.path(), place.iteration()));
              }
            });
    return found;
  }

  /** The journals that there are, by id of the workspace. */
  public Map<String, Path> journals() throws IOException {
    Map<String, Path> journals = new TreeMap<>();
    for (Path metadata : metadata()) {
      Path journal = metadata.resolve(JOURNAL);
      if (Files.exists(journal)) {
        journals.put(instances.relativize(metadata).getName(0).toString(), journal);
      }
    }
    return journals;
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
