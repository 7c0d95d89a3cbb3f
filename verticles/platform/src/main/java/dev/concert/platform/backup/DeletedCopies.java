package dev.concert.platform.backup;

import dev.concert.foundation.files.PrivateFiles;
import dev.concert.foundation.objectstore.ObjectStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copies of databases that were deleted. They stay in the bucket for its retention and then go.
 * What cannot be removed is tried again, and a restart forgets none. Used on one thread; blocks.
 */
final class DeletedCopies {
  private static final Logger LOG = LoggerFactory.getLogger(DeletedCopies.class);
  private static final String FILE = "deleted.json";

  /** What Litestream puts between the name of a database and its own objects. */
  private static final String GENERATIONS = "/generations/";

  private final ObjectStore store;
  private final Listing listing;
  private final String prefix;
  private final Path file;
  private final Duration retention;
  private final InstantSource clock;

  /** Since when each is deleted, milliseconds since the epoch. */
  private final TreeMap<String, Long> since = new TreeMap<>();

  /** Lists the keys of objects that begin with a prefix. */
  @FunctionalInterface
  interface Listing {
    Future<List<String>> list(String prefix);
  }

  /**
   * @param folder where the backup keeps its own files
   */
  DeletedCopies(
      BackupOptions options, ObjectStore store, Listing listing, Path folder, InstantSource clock)
      throws IOException {
    this.store = store;
    this.listing = listing;
    this.prefix = options.key("db/");
    this.file = folder.resolve(FILE);
    this.retention = options.retention();
    this.clock = clock;
    if (Files.exists(file)) {
      new JsonObject(Files.readString(file))
          .forEach(one -> since.put(one.getKey(), ((Number) one.getValue()).longValue()));
    }
  }

  /** Notes copies in the bucket whose databases were deleted while no server ran. */
  void find(Collection<Path> databases) throws IOException {
    for (String key : join(listing.list(prefix))) {
      int end = key.indexOf(GENERATIONS, prefix.length());
      if (end > 0) {
        Path database = Path.of(key.substring(prefix.length(), end));
        if (!databases.contains(database)) {
          since.putIfAbsent(database.toString(), clock.millis());
        }
      }
    }
    save();
  }

  /** Notes a database that was deleted just now. */
  void deleted(Path database) throws IOException {
    since.put(database.toString(), clock.millis());
    save();
  }

  /** A database of this name is there again. */
  void added(Path database) throws IOException {
    if (since.remove(database.toString()) != null) {
      save();
    }
  }

  /** Removes the copies whose time is over, as far as the bucket can be reached. */
  void removeOld() throws IOException {
    long over = clock.millis() - retention.toMillis();
    for (String database : List.copyOf(since.keySet())) {
      if (since.get(database) <= over && remove(database)) {
        since.remove(database);
        save();
      }
    }
  }

  private boolean remove(String database) {
    try {
      List<String> keys = join(listing.list(prefix + database + "/"));
      join(Future.join(keys.stream().map(store::delete).toList()));
      return true;
    } catch (CompletionException e) {
      LOG.debug("The copy of the deleted database {} is still in the bucket", database, e);
      return false;
    }
  }

  private void save() throws IOException {
    JsonObject all = new JsonObject();
    since.forEach(all::put);
    PrivateFiles.write(file, all.encode().getBytes(StandardCharsets.UTF_8));
  }

  private static <T> T join(Future<T> work) {
    return work.toCompletionStage().toCompletableFuture().join();
  }
}
