package dev.concert.gateway.eventlog;

import dev.concert.foundation.sqlite.SqliteDatabase;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.Message;
import dev.concert.protocol.ServerEvent.TurnComplete;
import dev.concert.protocol.ServerEvent.TurnError;
import dev.concert.protocol.ServerEvent.TurnStarted;
import dev.concert.protocol.ServerEvent.UsageUpdate;
import dev.concert.protocol.SessionEvent;
import dev.concert.protocol.SessionState;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * One session's {@code session.db}: its events, and the tables that follow from them.
 *
 * <p>Blocking; used by one thread at a time ({@link StorePool}).
 */
public final class SessionStore implements AutoCloseable {
  private final SqliteDatabase db;

  SessionStore(Path file) {
    db = SqliteDatabase.open(file, SessionSchema.MIGRATIONS);
  }

  /**
   * Stores events that continue what is there. Events that are there already are passed over, so
   * that a journal can be worked through again after a crash.
   */
  public void append(List<SessionEvent> events) {
    db.write(
        connection -> {
          long stored = lastSeq(connection);
          List<SessionEvent> fresh = events.stream().filter(event -> event.seq() > stored).toList();
          insertEvents(connection, EventMerger.merge(fresh));
          for (SessionEvent event : fresh) {
            project(connection, event);
          }
          return fresh.size();
        });
  }

  private static void insertEvents(Connection connection, List<StoredEvent> rows)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO events (seq, first_seq, ts, turn_id, type, json, parts)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?)")) {
      for (StoredEvent row : rows) {
        insert.setLong(1, row.seq());
        insert.setLong(2, row.firstSeq());
        insert.setLong(3, row.ts());
        insert.setString(4, row.turnId());
        insert.setString(5, row.type());
        insert.setString(6, row.json());
        insert.setString(7, row.parts());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void project(Connection connection, SessionEvent event) throws SQLException {
    switch (event.event()) {
      case TurnStarted turn ->
          update(
              connection,
              "INSERT INTO turns (id, client_turn_id, user_id, started_seq, started_at)"
                  + " VALUES (?, ?, ?, ?, ?)",
              event.turnId(),
              turn.clientTurnId(),
              turn.userId(),
              event.seq(),
              event.ts());
      case TurnComplete turn ->
          update(
              connection,
              "UPDATE turns SET ended_at = ?, outcome = ? WHERE id = ?",
              event.ts(),
              turn.stopReason(),
              event.turnId());
      case TurnError turn ->
          update(
              connection,
              "UPDATE turns SET ended_at = ?, outcome = ? WHERE id = ?",
              event.ts(),
              turn.code(),
              event.turnId());
      case Message message ->
          update(
              connection,
              "INSERT INTO messages (seq, id, turn_id, role, content, created_at)"
                  + " VALUES (?, ?, ?, ?, ?, ?)",
              event.seq(),
              message.messageId(),
              event.turnId(),
              message.role(),
              message.content(),
              message.createdAt());
      case UsageUpdate usage ->
          update(
              connection,
              "INSERT INTO usage (seq, turn_id, model, provider, input_tokens, output_tokens,"
                  + " cached_tokens, cost) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
              event.seq(),
              event.turnId(),
              usage.model(),
              usage.provider(),
              usage.inputTokens(),
              usage.outputTokens(),
              usage.cachedTokens(),
              usage.cost());
      default -> {
        // The other events have no table of their own.
      }
    }
  }

  private static void update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  /** Number of the latest event, 0 when there is none. */
  public long lastSeq() {
    return db.read(SessionStore::lastSeq);
  }

  private static long lastSeq(Connection connection) throws SQLException {
    try (ResultSet row =
        connection.createStatement().executeQuery("SELECT coalesce(max(seq), 0) FROM events")) {
      return row.getLong(1);
    }
  }

  /** Events with {@code afterSeq < seq < before} as wire JSON, oldest first. */
  List<Piece> events(long afterSeq, long before, int limit) {
    return db.read(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(
                  "SELECT seq, first_seq, ts, turn_id, type, json, parts FROM events"
                      + " WHERE seq > ? AND seq < ? ORDER BY seq LIMIT ?")) {
            query.setLong(1, afterSeq);
            query.setLong(2, before);
            query.setInt(3, limit);
            List<Piece> pieces = new ArrayList<>();
            ResultSet rows = query.executeQuery();
            while (rows.next()) {
              StoredEvent row =
                  new StoredEvent(
                      rows.getLong(1),
                      rows.getLong(2),
                      rows.getLong(3),
                      rows.getString(4),
                      rows.getString(5),
                      rows.getString(6),
                      rows.getString(7));
              pieces.add(new Piece(row.seq(), row.after(afterSeq)));
            }
            return pieces;
          }
        });
  }

  /** Messages before the one with this id, or the latest; in the order in which they were said. */
  public List<Message> messages(Optional<String> before, int limit) {
    return db.read(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(
                  "SELECT id, role, content, created_at FROM messages WHERE seq <"
                      + " coalesce((SELECT seq FROM messages WHERE id = ?), 9223372036854775807)"
                      + " ORDER BY seq DESC LIMIT ?")) {
            query.setString(1, before.orElse(null));
            query.setInt(2, limit);
            List<Message> messages = new ArrayList<>();
            ResultSet rows = query.executeQuery();
            while (rows.next()) {
              messages.add(
                  new Message(
                      rows.getString(1), rows.getString(2), rows.getString(3), rows.getLong(4)));
            }
            Collections.reverse(messages);
            return messages;
          }
        });
  }

  /** What was left open when the process that wrote it ended. */
  public Optional<String> openTurn() {
    return db.read(
        connection -> {
          try (ResultSet row =
              connection
                  .createStatement()
                  .executeQuery(
                      "SELECT id FROM turns WHERE ended_at IS NULL ORDER BY started_seq")) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
          }
        });
  }

  /** The state that clients were told last. */
  public SessionState lastState() {
    return db.read(
        connection -> {
          try (ResultSet row =
              connection
                  .createStatement()
                  .executeQuery(
                      "SELECT json FROM events WHERE type = 'session_state'"
                          + " ORDER BY seq DESC LIMIT 1")) {
            return row.next()
                    && EventCodec.decodeSessionEvent(row.getString(1)).event()
                        instanceof ServerEvent.StateChanged changed
                ? changed.state()
                : SessionState.INACTIVE;
          }
        });
  }

  /** The event that started the turn which the client named so, if it did. */
  public Optional<SessionEvent> turnNamed(String clientTurnId) {
    return db.read(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(
                  "SELECT json FROM events WHERE seq ="
                      + " (SELECT started_seq FROM turns WHERE client_turn_id = ?)")) {
            query.setString(1, clientTurnId);
            ResultSet row = query.executeQuery();
            return row.next()
                ? Optional.of(EventCodec.decodeSessionEvent(row.getString(1)))
                : Optional.empty();
          }
        });
  }

  /** Every model call of the session, for its totals. */
  public List<UsageUpdate> usage() {
    return db.read(
        connection -> {
          List<UsageUpdate> usage = new ArrayList<>();
          ResultSet rows =
              connection
                  .createStatement()
                  .executeQuery(
                      "SELECT model, provider, input_tokens, output_tokens, cached_tokens, cost"
                          + " FROM usage ORDER BY seq");
          while (rows.next()) {
            usage.add(
                new ServerEvent.UsageUpdate(
                    rows.getString(1),
                    rows.getString(2),
                    rows.getLong(3),
                    rows.getLong(4),
                    rows.getLong(5),
                    rows.getString(6)));
          }
          return usage;
        });
  }

  @Override
  public void close() {
    db.close();
  }
}
