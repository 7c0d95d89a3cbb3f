package dev.concert.ensemble.ledger;

import dev.concert.foundation.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;

/**
 * The ledger in SQLite, which one process has at a time: it knows what is open. Every method
 * blocks.
 */
final class LedgerFile implements AutoCloseable {
  static final List<String> SCHEMAS = List.of(CallRows.SCHEMA);

  private final FileLease lease;
  private final SqliteDatabase database;

  private LedgerFile(FileLease lease, SqliteDatabase database) {
    this.lease = lease;
    this.database = database;
  }

  /**
   * Opens the file; what was open in it is interrupted.
   *
   * @throws IllegalStateException when another process has it
   */
  static LedgerFile open(Path file) {
    FileLease lease = FileLease.take(file);
    try {
      LedgerFile ledger = new LedgerFile(lease, SqliteDatabase.openBusy(file, SCHEMAS));
      ledger.interruptWhatIsOpen(Instant.now());
      return ledger;
    } catch (RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  /** The number of the last call that was written down; 0 where there is none. */
  long lastId() {
    return database.read(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT COALESCE(MAX(id), 0) FROM calls")) {
            return row.getLong(1);
          }
        });
  }

  /** Writes all of it or nothing. */
  void write(List<Change> changes) {
    database.write(
        connection -> {
          apply(connection, changes);
          return null;
        });
  }

  @Override
  public void close() {
    try {
      database.close();
    } finally {
      lease.close();
    }
  }

  private static void apply(Connection connection, List<Change> changes) throws SQLException {
    try (PreparedStatement insert = CallRows.inserting(connection);
        PreparedStatement settle = CallRows.settling(connection)) {
      for (Change change : changes) {
        switch (change) {
          case Change.Opened opened -> CallRows.insert(insert, opened);
          case Change.Settled settled -> CallRows.settle(settle, settled);
        }
      }
    }
  }

  private void interruptWhatIsOpen(Instant now) {
    database.write(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE calls SET outcome = ?, ended_ms = ? WHERE ended_ms IS NULL")) {
            update.setString(1, CallRows.INTERRUPTED);
            update.setLong(2, now.toEpochMilli());
            return update.executeUpdate();
          }
        });
  }
}
