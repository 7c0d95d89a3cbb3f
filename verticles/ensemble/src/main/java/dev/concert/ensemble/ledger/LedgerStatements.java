package dev.concert.ensemble.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * The statements that each transaction runs again, each made once for the connection: to make one
 * takes longer than to run it.
 *
 * <p>Not thread-safe: belongs to the writer.
 */
final class LedgerStatements implements AutoCloseable {
  private final Map<String, PreparedStatement> known = new HashMap<>();

  /** To be left open. All calls are for one connection. */
  PreparedStatement of(Connection connection, String sql) throws SQLException {
    PreparedStatement statement = known.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      known.put(sql, statement);
    }
    return statement;
  }

  /** After a failure: the driver does not run a statement again that has failed once. */
  void forget() {
    known.values().forEach(LedgerStatements::close);
    known.clear();
  }

  private static void close(PreparedStatement statement) {
    try {
      statement.close();
    } catch (SQLException alreadyClosed) {
      // Nothing is lost with it.
    }
  }

  @Override
  public void close() {
    forget();
  }
}
