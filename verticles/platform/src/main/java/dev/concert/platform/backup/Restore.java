package dev.concert.platform.backup;

import dev.concert.foundation.files.PrivateFiles;
import dev.concert.foundation.objectstore.S3ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Fetches a backup into an empty folder. Blocks.
 *
 * @param into the folder
 */
public record Restore(BackupOptions options, Path into) {
  private static final int AT_ONCE = 4;

  /**
   * What was restored.
   *
   * @param missing databases of which the bucket has nothing: they were new when the server died
   */
  public record Result(int databases, int files, List<Path> missing) {}

  /**
   * Fetches everything. The folder is not used before {@link #finish}; a restore that was cut can
   * be repeated.
   *
   * @throws BackupException where the folder is not empty, there is no backup, or it cannot be
   *     fetched
   */
  public Result run() {
    Litestream.require(options.litestream());
    try (S3ObjectStore store = S3ObjectStore.open(options.bucket())) {
      UnfinishedRestore mark = new UnfinishedRestore(into);
      if (!mark.isMarked()) {
        requireEmpty();
      }
      mark.begin();
      Path folder = into.toRealPath();
      SortedSet<Path> databases = Manifest.read(options, store, folder);
      restore(databases, folder);
      int files = fetchFiles(store, folder);
      List<Path> missing =
          databases.stream().filter(file -> !Files.exists(folder.resolve(file))).toList();
      return new Result(databases.size() - missing.size(), files, missing);
    } catch (IOException e) {
      throw new BackupException("The folder %s cannot be written.".formatted(into), e);
    }
  }

  /** Nothing is left to do: a server may use the folder. */
  public void finish() {
    try {
      new UnfinishedRestore(into).end();
    } catch (IOException e) {
      throw new BackupException("The folder %s cannot be written.".formatted(into), e);
    }
  }

  private void requireEmpty() throws IOException {
    if (!Files.exists(into)) {
      return;
    }
    try (Stream<Path> inside = Files.list(into)) {
      if (inside.findAny().isPresent()) {
        throw new BackupException(
            "The folder %s is not empty. Restore into a new one; nothing was changed."
                .formatted(into));
      }
    }
  }

  private void restore(SortedSet<Path> databases, Path folder) throws IOException {
    Path config = folder.resolve("litestream-restore.yml");
    PrivateFiles.write(
        config,
        LitestreamConfig.of(
                options, folder, databases, folder.resolve("unused"), OptionalInt.empty())
            .getBytes(StandardCharsets.UTF_8));
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE)) {
      databases.forEach(
          database -> running.add(workers.submit(() -> restore(database, folder, config))));
      for (Future<?> one : running) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof BackupException known
          ? known
          : new BackupException("A database cannot be restored.", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackupException("The restore was interrupted.", e);
    }
    Files.delete(config);
  }

  private Path restore(Path database, Path folder, Path config) throws IOException {
    Path file = folder.resolve(database);
    PrivateFiles.createDirectories(file.getParent());
    Litestream.run(
        List.of(
            options.litestream(),
            "restore",
            "-no-expand-env",
            "-if-replica-exists",
            "-config",
            config.toString(),
            file.toString()));
    if (Files.exists(file)) {
      PrivateFiles.restrict(file);
    }
    return file;
  }

  private int fetchFiles(S3ObjectStore store, Path folder) throws IOException {
    String prefix = options.key(FileMirror.FOLDER);
    List<String> keys = store.list(prefix).toCompletionStage().toCompletableFuture().join();
    for (String key : keys) {
      Path file = folder.resolve(Manifest.checked(folder, key.substring(prefix.length())));
      PrivateFiles.createDirectories(file.getParent());
      store.get(key, file).toCompletionStage().toCompletableFuture().join();
      PrivateFiles.restrict(file);
    }
    return keys.size();
  }
}
