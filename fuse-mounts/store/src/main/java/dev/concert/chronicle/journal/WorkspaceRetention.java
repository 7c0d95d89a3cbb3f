package dev.concert.chronicle.journal;

import dev.concert.foundation.sqlite.SqliteDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Which iterations of a workspace are kept, where it has a rule of its own. What the rule's text
 * means is known to who drops iterations. Thread-safe; every method blocks.
 */
public final class WorkspaceRetention {
  private static final String FIND = "SELECT policy FROM retention";
  private static final String SET = "INSERT OR REPLACE INTO retention (id, policy) VALUES (0, ?)";
  private static final String CLEAR = "DELETE FROM retention";

  private final SqliteDatabase database;
  private final PreparedStatements statements;

  WorkspaceRetention(SqliteDatabase database, PreparedStatements statements) {
    this.database = database;
    this.statements = statements;
  }

  public Optional<String> find() {
    return database.read(
        connection -> {
          try (ResultSet row = statements.with(connection, FIND).executeQuery()) {
            return policy(row);
          }
        });
  }

  public void set(String policy) {
    database.write(connection -> statements.with(connection, SET, policy).executeUpdate());
  }

  /** The server's rule holds again. */
  public void clear() {
    database.write(connection -> statements.with(connection, CLEAR).executeUpdate());
  }

  /** The rule, by another connection than the journal's own. */
  static Optional<String> of(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(FIND);
        ResultSet row = query.executeQuery()) {
      return policy(row);
    }
  }

  private static Optional<String> policy(ResultSet row) throws SQLException {
    return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
  }
}
