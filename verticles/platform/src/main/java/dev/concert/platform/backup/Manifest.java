package dev.concert.platform.backup;

import dev.concert.foundation.files.PrivateFiles;
import dev.concert.foundation.objectstore.ObjectStore;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/** The object of a backup that lists its databases. Blocks. */
final class Manifest {
  private static final String NAME = "manifest.json";
  private static final int FORMAT = 1;

  /** Tells data folders apart: a file beside the manifest's, and a field of the manifest. */
  private static final String DATA_ID = "dataId";

  private static final String DATABASES = "databases";

  private Manifest() {}

  /**
   * Takes the backup in the bucket for a data folder, unless it is that of another one: a server
   * that was started with an empty folder must not replace what is to be restored. Of two that take
   * a new one at once, the next call lets only one go on.
   *
   * @param folder where the backup keeps its own files
   * @return whether it is that of this folder now; false where it was taken by this call: call
   *     again later
   * @throws BackupException where it is that of another data folder
   */
  static boolean claim(BackupOptions options, ObjectStore store, Path folder) throws IOException {
    if (!Files.exists(folder.resolve(DATA_ID))) {
      writeId(folder, UUID.randomUUID().toString());
    }
    Optional<JsonObject> manifest = fetch(options, store, folder);
    Optional<String> owner = manifest.map(one -> one.getString(DATA_ID));
    if (owner.isEmpty()) {
      put(
          options,
          store,
          manifest.map(one -> one.getJsonArray(DATABASES)).orElseGet(JsonArray::new),
          folder);
      return false;
    }
    if (!owner.get().equals(Files.readString(folder.resolve(DATA_ID)))) {
      throw new BackupException(
          "The bucket %s has the backup of another data folder at '%s'. Restore it, or name another backup.prefix."
              .formatted(options.bucket().bucket(), options.prefix()));
    }
    return true;
  }

  private static void writeId(Path folder, String id) throws IOException {
    PrivateFiles.write(folder.resolve(DATA_ID), id.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @param databases relative to the data folder
   * @param folder where the backup keeps its own files; it claimed the backup
   */
  static void write(
      BackupOptions options, ObjectStore store, Collection<Path> databases, Path folder)
      throws IOException {
    JsonArray list = new JsonArray();
    databases.forEach(database -> list.add(database.toString()));
    put(options, store, list, folder);
  }

  private static void put(
      BackupOptions options, ObjectStore store, JsonArray databases, Path folder)
      throws IOException {
    Path file = folder.resolve(NAME);
    PrivateFiles.write(
        file,
        new JsonObject()
            .put("format", FORMAT)
            .put(DATA_ID, Files.readString(folder.resolve(DATA_ID)))
            .put(DATABASES, databases)
            .encodePrettily()
            .getBytes(StandardCharsets.UTF_8));
    store.put(options.key(NAME), file).toCompletionStage().toCompletableFuture().join();
  }

  /**
   * The databases of a backup. The folder into which it is restored goes on with it.
   *
   * @param into the data folder
   * @throws BackupException where there is no backup, or one that this build cannot read
   */
  static SortedSet<Path> read(BackupOptions options, ObjectStore store, Path into)
      throws IOException {
    JsonObject manifest =
        fetch(options, store, into)
            .orElseThrow(
                () ->
                    new BackupException(
                        "The bucket %s has no backup at '%s'. Check backup.bucket and backup.prefix."
                            .formatted(options.bucket().bucket(), options.prefix())));
    if (manifest.getInteger("format", 0) != FORMAT) {
      throw new BackupException("A newer Concert made this backup. Restore it with that one.");
    }
    if (manifest.containsKey(DATA_ID)) {
      writeId(
          PrivateFiles.createDirectories(into.resolve(Backup.FOLDER)), manifest.getString(DATA_ID));
    }
    SortedSet<Path> databases = new TreeSet<>();
    manifest.getJsonArray(DATABASES).forEach(name -> databases.add(checked(into, (String) name)));
    return databases;
  }

  /** The manifest in the bucket; empty if there is none. */
  private static Optional<JsonObject> fetch(BackupOptions options, ObjectStore store, Path folder)
      throws IOException {
    Path file = folder.resolve(NAME + ".fetched");
    Files.deleteIfExists(file);
    if (!store.get(options.key(NAME), file).toCompletionStage().toCompletableFuture().join()) {
      return Optional.empty();
    }
    JsonObject manifest = new JsonObject(Files.readString(file));
    Files.delete(file);
    return Optional.of(manifest);
  }

  /** A name of the bucket, which must not lead out of the folder. */
  static Path checked(Path folder, String name) {
    Path file = folder.resolve(name).normalize();
    if (!file.startsWith(folder) || file.equals(folder)) {
      throw new BackupException(
          "The backup names a file outside of the data folder: it is damaged.");
    }
    return folder.relativize(file);
  }
}
