package dev.concert.chronicle.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folders of a tree that are registered with the watch service. For one thread. */
final class WatchedFolders {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedFolders.class);

  private final Path root;
  private final WatchService service;
  private Set<Path> known = Set.of();
  private boolean complete = true;

  WatchedFolders(Path root, WatchService service) {
    this.root = root;
    this.service = service;
  }

  /** Registers folders that are new. */
  void refresh() {
    Set<Path> present = new HashSet<>();
    try {
      Files.walkFileTree(root, new Visitor(present));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot walk the watched workspace", e);
    }
    known = present;
  }

  private final class Visitor extends SimpleFileVisitor<Path> {
    private final Set<Path> present;

    private Visitor(Set<Path> present) {
      this.present = present;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      present.add(folder);
      if (!known.contains(folder)) {
        register(folder);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException gone) {
      return FileVisitResult.CONTINUE;
    }
  }

  private void register(Path folder) {
    try {
      folder.register(
          service,
          StandardWatchEventKinds.ENTRY_CREATE,
          StandardWatchEventKinds.ENTRY_MODIFY,
          StandardWatchEventKinds.ENTRY_DELETE);
    } catch (ClosedWatchServiceException closed) {
      // The last look after the end needs no more events.
    } catch (IOException e) {
      if (complete && Files.isDirectory(folder)) {
        complete = false;
        LOG.warn("Not every folder can be watched, changes show up later: {}", e.getMessage());
      }
    }
  }
}
