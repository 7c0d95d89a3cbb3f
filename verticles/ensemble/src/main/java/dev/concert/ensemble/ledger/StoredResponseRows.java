package dev.concert.ensemble.ledger;

import dev.concert.ensemble.access.Caller;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * The table of stored responses in the ledger's file; a row is written in one transaction with the
 * end of its call.
 */
final class StoredResponseRows {
  static final String SCHEMA =
      """
      CREATE TABLE answers (
        id INTEGER PRIMARY KEY, key_id TEXT NOT NULL, request_id TEXT NOT NULL,
        bytes INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
      CREATE INDEX answers_of_request ON answers (request_id);
      """;

  static final String INSERT =
      "INSERT INTO answers SELECT id, key_id, request_id, ?, ? FROM calls WHERE id = ?";

  private StoredResponseRows() {}

  /** Inserts a body for all open calls, except those of agents, whose responses are not stored. */
  static void insertForOpen(Connection connection, byte[] body) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO answers SELECT id, key_id, request_id, ?, ? FROM calls"
                + " WHERE ended_ms IS NULL AND key_id NOT LIKE ?")) {
      insert.setInt(1, body.length);
      insert.setBytes(2, body);
      insert.setString(3, Caller.Instance.PREFIX + "%");
      insert.executeUpdate();
    }
  }

  static void insert(PreparedStatement row, long id, byte[] body) throws SQLException {
    row.setInt(1, body.length);
    row.setBytes(2, body);
    row.setLong(3, id);
    row.executeUpdate();
  }
}
