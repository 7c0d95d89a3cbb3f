package dev.concert.platform.backup;

import dev.concert.foundation.objectstore.ObjectStore;
import dev.concert.foundation.objectstore.ObjectStoreException;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;

/**
 * Copies files into the bucket when they change, and removes what is gone. On one thread; blocks.
 */
final class FileMirror {
  static final String FOLDER = "files/";

  private final BackupOptions options;
  private final ObjectStore store;
  private final DeletedCopies.Listing listing;
  private final Path data;
  private final Map<Path, DataFiles.Version> copied = new HashMap<>();
  private boolean knowsBucket;

  /** That of a file which an earlier process copied. */
  private static final DataFiles.Version UNKNOWN = new DataFiles.Version(-1, -1);

  FileMirror(BackupOptions options, ObjectStore store, DeletedCopies.Listing listing, Path data) {
    this.options = options;
    this.store = store;
    this.listing = listing;
    this.data = data;
  }

  /**
   * Brings the bucket up to date as far as it can.
   *
   * @return the first failure; empty where everything is copied
   */
  Optional<Throwable> copy(Map<Path, DataFiles.Version> files) {
    Optional<Throwable> failure = knowsBucket ? Optional.empty() : lookIntoBucket();
    for (Map.Entry<Path, DataFiles.Version> file : files.entrySet()) {
      if (!file.getValue().equals(copied.get(file.getKey()))) {
        Optional<Throwable> failed = attempt(store.put(key(file.getKey()), path(file.getKey())));
        if (failed.isEmpty()) {
          copied.put(file.getKey(), file.getValue());
        } else if (Files.exists(path(file.getKey()))) {
          failure = failure.or(() -> failed);
        }
      }
    }
    Set<Path> gone = new TreeSet<>(copied.keySet());
    gone.removeAll(files.keySet());
    for (Path file : gone) {
      Optional<Throwable> failed = attempt(store.delete(key(file)));
      if (failed.isEmpty()) {
        copied.remove(file);
      }
      failure = failure.or(() -> failed);
    }
    return failure;
  }

  /** What was deleted while no server ran, or could not be removed before its end, goes as well. */
  private Optional<Throwable> lookIntoBucket() {
    String prefix = options.key(FOLDER);
    return attempt(
        listing
            .list(prefix)
            .map(
                keys -> {
                  keys.forEach(key -> copied.put(Path.of(key.substring(prefix.length())), UNKNOWN));
                  knowsBucket = true;
                  return null;
                }));
  }

  private Path path(Path file) {
    return data.resolve(file);
  }

  private String key(Path file) {
    return options.key(FOLDER + file);
  }

  private static Optional<Throwable> attempt(Future<Void> work) {
    try {
      work.toCompletionStage().toCompletableFuture().join();
      return Optional.empty();
    } catch (CompletionException e) {
      return Optional.of(e.getCause() instanceof ObjectStoreException known ? known : e.getCause());
    }
  }
}
