package dev.concert.chronicle.localsync.watch;

import dev.concert.chronicle.localsync.folder.FolderPaths;
import dev.concert.chronicle.localsync.folder.IgnoreRules;
import io.methvin.watcher.DirectoryChangeEvent;
import io.methvin.watcher.DirectoryWatcher;
import io.methvin.watcher.visitor.FileTreeVisitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from the system (inotify, FSEvents, ReadDirectoryChangesW) what changes in a folder.
 *
 * <p>An event only says where to look. Where the system loses events, or refuses to watch so many
 * folders, everything is looked at; what is found never depends on an event being exact.
 */
public final class FolderWatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderWatcher.class);

  private final FolderPaths paths;
  private final IgnoreRules rules;
  private final ChangeDebouncer debounce;
  private final DirectoryWatcher watcher;

  private FolderWatcher(Path root, IgnoreRules rules, ChangeDebouncer debounce) throws IOException {
    this.paths = new FolderPaths(root);
    this.rules = rules;
    this.debounce = debounce;
    this.watcher =
        DirectoryWatcher.builder()
            .path(root)
            .fileHashing(false)
            .fileTreeVisitor(this::visit)
            .listener(this::happened)
            .build();
  }

  /**
   * Watches from the moment that it returns.
   *
   * @param debounce receives the changes
   */
  public static FolderWatcher start(Path root, IgnoreRules rules, ChangeDebouncer debounce) {
    try {
      FolderWatcher started = new FolderWatcher(root, rules, debounce);
      CompletableFuture<Void> running =
          started.watcher.watchAsync(
              work -> Thread.ofPlatform().daemon().name("sync-watcher").start(work));
      running.whenComplete((_, failure) -> started.ended(failure));
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException("%s cannot be watched".formatted(root), e);
    }
  }

  /** Ignored folders are not watched: they are often the largest, and watches are few. */
  private void visit(Path from, FileTreeVisitor.Callback onFolder, FileTreeVisitor.Callback onFile)
      throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            if (!folder.equals(paths.root()) && rules.ignores(paths.relative(folder), true)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            onFolder.call(folder);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            onFile.call(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void happened(DirectoryChangeEvent event) {
    if (event.eventType() == DirectoryChangeEvent.EventType.OVERFLOW) {
      debounce.everythingChanged();
      return;
    }
    String path = paths.relative(event.path());
    if (path.isEmpty()) {
      debounce.everythingChanged();
    } else if (IgnoreRules.isRules(path)) {
      rules.changed();
      debounce.everythingChanged();
    } else if (!rules.ignores(path, event.isDirectory())) {
      note(path, event);
    }
  }

  private void note(String path, DirectoryChangeEvent event) {
    boolean gone = event.eventType() == DirectoryChangeEvent.EventType.DELETE;
    if (event.isDirectory() && gone) {
      debounce.everythingChanged(); // all that was in it, too
    } else {
      debounce.changed(path);
    }
  }

  private void ended(Throwable failure) {
    if (failure != null && !watcher.isClosed()) {
      Throwable reason = failure instanceof CompletionException ? failure.getCause() : failure;
      LOG.warn(
          "The folder is not watched any more ({}); changes show up at the next look at everything",
          reason.toString());
      debounce.everythingChanged();
    }
  }

  @Override
  public void close() {
    try {
      watcher.close();
    } catch (IOException e) {
      throw new UncheckedIOException("%s cannot be let go".formatted(paths.root()), e);
    }
  }
}
