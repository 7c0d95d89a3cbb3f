package dev.concert.chronicle.iteration;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The table of promises, at most one for each path. */
final class Promises {
  private static final String PUT =
      "INSERT OR REPLACE INTO promise (path, mode, seen_size, seen_modified, seen_inode, timestamp)"
          + " VALUES (?, ?, ?, ?, ?, ?)";
  private static final String TAKE =
      "DELETE FROM promise WHERE path = ?"
          + " RETURNING path, mode, seen_size, seen_modified, seen_inode, timestamp";
  private static final String ALL = "SELECT path, seen_inode FROM promise ORDER BY timestamp";

  private final Statements statements;

  Promises(Statements statements) {
    this.statements = statements;
  }

  void put(Connection connection, Promise promise) throws SQLException {
    statements
        .with(
            connection,
            PUT,
            promise.path(),
            promise.mode(),
            promise.signature().size(),
            promise.signature().modifiedNanos(),
            promise.signature().inode(),
            promise.timestamp())
        .executeUpdate();
  }

  /** Removes it; answers with what it was. */
  Optional<Promise> take(Connection connection, String path) throws SQLException {
    try (ResultSet row = statements.with(connection, TAKE, path).executeQuery()) {
      return row.next()
          ? Optional.of(
              new Promise(
                  row.getString(1),
                  row.getInt(2),
                  new Signature(row.getLong(3), row.getLong(4), row.getLong(5)),
                  row.getLong(6)))
          : Optional.empty();
    }
  }

  /** Inodes by path, the oldest promise first. */
  Map<String, Long> all(Connection connection) throws SQLException {
    Map<String, Long> found = new LinkedHashMap<>();
    try (ResultSet rows = statements.with(connection, ALL).executeQuery()) {
      while (rows.next()) {
        found.put(rows.getString(1), rows.getLong(2));
      }
    }
    return found;
  }
}
