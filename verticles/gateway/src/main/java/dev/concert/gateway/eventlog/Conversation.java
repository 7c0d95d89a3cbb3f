package dev.concert.gateway.eventlog;

import static dev.concert.gateway.eventlog.MessagePoint.NOW;
import static dev.concert.gateway.eventlog.MessagePoint.UNKNOWN;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.protocol.ServerEvent.Message;
import dev.concert.protocol.SessionEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The messages of a session that count: those that no rewind took out, and the files that belong to
 * them. Blocking; inside of a transaction of {@link SessionDatabase}.
 */
final class Conversation {
  private static final int MAX_CHARACTERS = 2 << 20;
  private static final String POINT = "SELECT id, seq, turn_id, role FROM messages ";
  private static final String BY_ID = POINT + "WHERE id = ? AND rewound IS NULL";
  private static final String LATEST = POINT + "WHERE rewound IS NULL ORDER BY seq DESC LIMIT 1";
  private static final String BETWEEN =
      "SELECT seq, created_at, turn_id, id, role, content FROM messages"
          + " WHERE seq > ? AND seq <= ? AND rewound IS NULL ORDER BY seq LIMIT ?";

  private Conversation() {}

  static MessagePoint point(Connection connection, Optional<String> messageId) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(messageId.isPresent() ? BY_ID : LATEST)) {
      if (messageId.isPresent()) {
        query.setString(1, messageId.get());
      }
      ResultSet row = query.executeQuery();
      if (!row.next()) {
        throw new ConcertException(
            ErrorCode.MESSAGE_NOT_FOUND,
            messageId
                .map(id -> "No message of the conversation has the id " + id + ".")
                .orElse("The session has no message yet."));
      }
      long seq = row.getLong(2);
      String turnId = row.getString(3);
      long before = filesOf(connection, "files_before", turnId, seq);
      boolean answer = !row.getString(4).equals("user");
      long after = answer ? filesOf(connection, "files_after", turnId, seq) : before;
      return new MessagePoint(row.getString(1), seq, answer, before, after);
    }
  }

  /** Where a turn has none, its files are those with which the next turn began. */
  private static long filesOf(Connection connection, String column, String turnId, long seq)
      throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT coalesce((SELECT "
                + column
                + " FROM checkpoints WHERE turn_id = ?), (SELECT files_before FROM checkpoints"
                + " WHERE seq > ? AND files_before IS NOT NULL ORDER BY seq LIMIT 1))")) {
      query.setString(1, turnId);
      query.setLong(2, seq);
      ResultSet row = query.executeQuery();
      long files = row.getLong(1);
      return row.wasNull() ? NOW : files;
    }
  }

  static List<SessionEvent> between(
      Connection connection, String sessionId, long afterSeq, long upToSeq, int limit)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(BETWEEN)) {
      query.setLong(1, afterSeq);
      query.setLong(2, upToSeq);
      query.setInt(3, limit);
      ResultSet rows = query.executeQuery();
      List<SessionEvent> found = new ArrayList<>();
      int characters = 0;
      while (characters < MAX_CHARACTERS && rows.next()) {
        String content = rows.getString(6);
        characters += content.length();
        Message message =
            new Message(rows.getString(4), rows.getString(5), content, rows.getLong(2));
        found.add(
            new SessionEvent(
                sessionId, rows.getLong(1), rows.getLong(2), rows.getString(3), message));
      }
      return found;
    }
  }

  static boolean wasRewound(Connection connection, String rewindId) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT 1 FROM rewinds WHERE id = ?")) {
      query.setString(1, rewindId);
      return query.executeQuery().next();
    }
  }

  static int begin(Connection connection, String turnId, long seq, long files) throws SQLException {
    SessionDatabase.update(
        connection,
        "INSERT INTO checkpoints (seq, turn_id, files_before) VALUES (?, ?, ?)"
            + " ON CONFLICT DO NOTHING",
        seq,
        turnId,
        files);
    return 1;
  }

  /**
   * The session has messages and files that were copied: only the files right after the last
   * message are known.
   */
  static int beginsWith(Connection connection, long files) throws SQLException {
    SessionDatabase.update(
        connection,
        "INSERT INTO checkpoints (seq, turn_id, files_before, files_after)"
            + " SELECT min(seq), turn_id, ?, ? FROM messages GROUP BY turn_id",
        UNKNOWN,
        UNKNOWN);
    SessionDatabase.update(
        connection,
        "UPDATE checkpoints SET files_after = ?, files_before = CASE WHEN (SELECT role FROM"
            + " messages ORDER BY seq DESC LIMIT 1) = 'user' THEN ? ELSE files_before END WHERE seq"
            + " = (SELECT max(seq) FROM checkpoints)",
        files,
        files);
    return 1;
  }

  static int end(Connection connection, String turnId, long files) throws SQLException {
    SessionDatabase.update(
        connection, "UPDATE checkpoints SET files_after = ? WHERE turn_id = ?", files, turnId);
    return 1;
  }
}
