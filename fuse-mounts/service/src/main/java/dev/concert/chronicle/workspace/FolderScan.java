package dev.concert.chronicle.workspace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the empty folders of a tree. A folder in which nothing came or went since the last look is
 * not read again, so a look costs about as much as there are folders. Thread-safe; blocks.
 */
final class FolderScan {
  /** Longer than the tick of a kernel's clock. */
  private static final Duration RACY = Duration.ofMillis(50);

  private static final String LOOK = "unix:mode,lastModifiedTime,isDirectory";
  private static final int BITS = 07777;

  /**
   * A folder when it was read.
   *
   * @param settled whether a change would show in its time
   */
  private record Seen(FileTime modified, boolean settled, boolean isEmpty, List<Path> folders) {}

  private final Path root;
  private Map<Path, Seen> known = new HashMap<>();

  FolderScan(Path root) {
    this.root = root;
  }

  /** Path and permission bits of each. */
  synchronized Map<String, Integer> empty() {
    Map<Path, Seen> seen = new HashMap<>();
    Map<String, Integer> found = new TreeMap<>();
    try {
      visit(root, seen, found);
    } catch (IOException e) {
      throw new UncheckedIOException("The folders of a workspace cannot be read", e);
    }
    known = seen;
    return found;
  }

  boolean exists(String path) {
    return Files.isDirectory(root.resolve(path), LinkOption.NOFOLLOW_LINKS);
  }

  private void visit(Path folder, Map<Path, Seen> seen, Map<String, Integer> found)
      throws IOException {
    try {
      Map<String, Object> look = Files.readAttributes(folder, LOOK, LinkOption.NOFOLLOW_LINKS);
      if (!(Boolean) look.get("isDirectory")) {
        return;
      }
      Seen now = look(folder, (FileTime) look.get("lastModifiedTime"));
      seen.put(folder, now);
      if (now.isEmpty() && !folder.equals(root)) {
        found.put(root.relativize(folder).toString(), (Integer) look.get("mode") & BITS);
      }
      for (Path inner : now.folders()) {
        visit(inner, seen, found);
      }
    } catch (NoSuchFileException | NotDirectoryException gone) {
      // It went while it was looked at.
    }
  }

  private Seen look(Path folder, FileTime modified) throws IOException {
    Seen before = known.get(folder);
    return before != null && before.settled() && before.modified().equals(modified)
        ? before
        : read(folder, modified);
  }

  private static Seen read(Path folder, FileTime modified) throws IOException {
    boolean settled = modified.toInstant().isBefore(Instant.now().minus(RACY));
    List<Path> folders = new ArrayList<>();
    boolean isEmpty = true;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        isEmpty = false;
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          folders.add(entry);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return new Seen(modified, settled, isEmpty, List.copyOf(folders));
  }
}
