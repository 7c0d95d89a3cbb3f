package dev.concert.ensemble.key;

import dev.concert.foundation.sqlite.SqlFunction;
import dev.concert.foundation.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * The SQLite file of keys, teams and customers, which counts its changes. Several processes may
 * open it. Thread-safe; every method but {@link #counted} blocks.
 */
final class KeyDatabase implements AutoCloseable {
  private final SqliteDatabase database;
  private final ChangeCounter counter;
  private final Clock clock;

  KeyDatabase(Path file, Clock clock) {
    this.database =
        SqliteDatabase.open(
            file,
            List.of(
                KeyRows.SCHEMA,
                KeyRows.EXPIRY,
                TeamRows.SCHEMA,
                SharedRecords.SCHEMA,
                TeamRows.DELETION));
    this.counter = ChangeCounter.open(file.resolveSibling(file.getFileName() + ".changes"));
    this.clock = clock;
  }

  <T> T read(SqlFunction<T> query) {
    return database.read(query);
  }

  /** Makes a change in one transaction, and lets every process know. */
  <T> T change(SqlFunction<T> change) {
    T changed =
        database.write(
            connection -> {
              T result = change.apply(connection);
              try (Statement statement = connection.createStatement()) {
                statement.execute("UPDATE changes SET number = number + 1");
              }
              return result;
            });
    counter.increment();
    return changed;
  }

  /**
   * A number that another process of this host has raised when its change was committed. Does not
   * block.
   */
  long counted() {
    return counter.value();
  }

  /** The number of changes so far, by any process. */
  long changes() {
    return database.read(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT number FROM changes")) {
            return row.getLong(1);
          }
        });
  }

  /** In whole milliseconds, as times are stored. */
  Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }

  @Override
  public void close() {
    database.close();
  }
}
