package dev.concert.ensemble.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * The prepared statements of the connection, which every transaction reuses: preparing one takes
 * longer than running it.
 *
 * <p>Not thread-safe: used by the writer only.
 */
final class LedgerStatements implements AutoCloseable {
  private final Map<String, PreparedStatement> known = new HashMap<>();

  /**
   * Prepares a statement, or returns the prepared one; do not close it. Use one connection only.
   */
  PreparedStatement of(Connection connection, String sql) throws SQLException {
    PreparedStatement statement = known.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      known.put(sql, statement);
    }
    return statement;
  }

  /** Drops all statements after a failure: the driver does not run a failed statement again. */
  void forget() {
    known.values().forEach(LedgerStatements::close);
    known.clear();
  }

  private static void close(PreparedStatement statement) {
    try {
      statement.close();
    } catch (SQLException alreadyClosed) {
      // It is gone either way.
    }
  }

  @Override
  public void close() {
    forget();
  }
}
