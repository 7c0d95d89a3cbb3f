package dev.concert.chronicle.localsync;

import dev.concert.chronicle.localsync.folder.SyncException;
import dev.concert.foundation.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a sync remembers beside the replica: {@code sync.db} in its folder. Thread-safe; every
 * method blocks.
 */
final class SyncMemory implements AutoCloseable {
  static final String FILE = "sync.db";

  private static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE binding (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            folder TEXT NOT NULL,
            session TEXT NOT NULL,
            replica TEXT NOT NULL
          );
          CREATE TABLE base_text (
            hash TEXT PRIMARY KEY,
            size INTEGER NOT NULL,
            text BLOB NOT NULL,
            used INTEGER NOT NULL
          ) WITHOUT ROWID;
          CREATE INDEX base_text_used ON base_text (used);
          """);

  private final SqliteDatabase database;

  private SyncMemory(SqliteDatabase database) {
    this.database = database;
  }

  static SyncMemory open(Path state) {
    return new SyncMemory(SqliteDatabase.open(state.resolve(FILE), MIGRATIONS));
  }

  /**
   * Which folder goes with which session.
   *
   * @param replica name under which the workspace knows the folder
   */
  record Binding(String folder, String session, String replica) {}

  Optional<Binding> binding() {
    return database.read(
        connection -> {
          try (PreparedStatement statement =
              connection.prepareStatement("SELECT folder, session, replica FROM binding")) {
            ResultSet row = statement.executeQuery();
            return row.next()
                ? Optional.of(new Binding(row.getString(1), row.getString(2), row.getString(3)))
                : Optional.empty();
          }
        });
  }

  /**
   * The binding that there is, or a new one.
   *
   * @throws SyncException where the folder goes with another session
   */
  Binding bind(Path folder, String session) {
    Optional<Binding> known = binding();
    if (known.isPresent()) {
      if (!known.get().session().equals(session)) {
        throw new SyncException(
            "%s is synced with session %s; choose another folder for session %s."
                .formatted(folder, known.get().session(), session));
      }
      return known.get();
    }
    String name = "local-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    Binding made = new Binding(folder.toString(), session, name);
    database.write(
        connection -> {
          try (PreparedStatement statement =
              connection.prepareStatement("INSERT INTO binding VALUES (1, ?, ?, ?)")) {
            statement.setString(1, made.folder());
            statement.setString(2, made.session());
            statement.setString(3, made.replica());
            return statement.executeUpdate();
          }
        });
    return made;
  }

  MergeBaseCache texts() {
    return new MergeBaseCache(database);
  }

  @Override
  public void close() {
    database.close();
  }
}
