package dev.concert.chronicle.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * The statements of one connection, prepared once. Used only by the holder of the connection; they
 * end with it.
 */
final class PreparedStatements {
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  /** The statement with its parameters set: numbers, strings, or null. */
  PreparedStatement with(Connection connection, String sql, Object... parameters)
      throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }
}
