package dev.concert.gateway.eventlog;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.sqlite.SqliteDatabase;
import dev.concert.protocol.EventRecordCodec;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.Message;
import dev.concert.protocol.ServerEvent.SessionRewound;
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
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One session's {@code session.db}: its events, and the tables that follow from them.
 *
 * <p>Blocking; used by one thread at a time ({@link SessionDatabases}).
 */
public final class SessionDatabase implements AutoCloseable {
  /** Of a call to a model whose price is not known; the column takes no null. */
  private static final String UNKNOWN_COST = "";

  /** What one read brings into memory: a thousand clients may read at the same time. */
  static final int PAGE_CHARS = 1 << 20;

  private final String sessionId;
  private final SqliteDatabase db;

  SessionDatabase(String sessionId, Path file) {
    this.sessionId = sessionId;
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
            "INSERT INTO events (seq, first_seq, ts, turn_id, type, format, json, parts)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
      for (StoredEvent row : rows) {
        insert.setLong(1, row.seq());
        insert.setLong(2, row.firstSeq());
        insert.setLong(3, row.ts());
        insert.setString(4, row.turnId());
        insert.setString(5, row.type());
        insert.setInt(6, row.format());
        insert.setString(7, row.record());
        insert.setString(8, row.parts());
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
      case SessionRewound rewound -> {
        update(
            connection,
            "UPDATE messages SET rewound = ? WHERE seq >= ? AND rewound IS NULL",
            event.seq(),
            rewound.fromSeq());
        update(
            connection,
            "INSERT INTO rewinds (id, seq) VALUES (?, ?)",
            rewound.rewindId(),
            event.seq());
      }
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
              Objects.requireNonNullElse(usage.cost(), UNKNOWN_COST));
      default -> {
        // The other events have no table of their own.
      }
    }
  }

  static void update(Connection connection, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  /** Number of the latest event, 0 when there is none. */
  public long lastSeq() {
    return db.read(SessionDatabase::lastSeq);
  }

  private static long lastSeq(Connection connection) throws SQLException {
    try (ResultSet row =
        connection.createStatement().executeQuery("SELECT coalesce(max(seq), 0) FROM events")) {
      return row.getLong(1);
    }
  }

  /**
   * Events with {@code afterSeq < seq < before}, oldest first: at most {@code limit}, and fewer
   * when these have {@value #PAGE_CHARS} characters.
   */
  List<SessionEvent> events(long afterSeq, long before, int limit) {
    return db.read(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(
                  "SELECT seq, first_seq, ts, turn_id, type, format, json, parts FROM events"
                      + " WHERE seq > ? AND seq < ? ORDER BY seq LIMIT ?")) {
            query.setLong(1, afterSeq);
            query.setLong(2, before);
            query.setInt(3, limit);
            List<SessionEvent> events = new ArrayList<>();
            ResultSet rows = query.executeQuery();
            long chars = 0;
            while (chars < PAGE_CHARS && rows.next()) {
              StoredEvent row =
                  new StoredEvent(
                      rows.getLong(1),
                      rows.getLong(2),
                      rows.getLong(3),
                      rows.getString(4),
                      rows.getString(5),
                      rows.getInt(6),
                      rows.getString(7),
                      rows.getString(8));
              chars += row.record().length();
              events.add(row.after(sessionId, afterSeq));
            }
            return events;
          }
        });
  }

  /**
   * Messages before the one with this id, or the latest, without those that a rewind took out.
   *
   * @throws ConcertException {@code INVALID_MESSAGE} where there is no message with this id
   */
  public MessagePage messages(Optional<String> before, int limit) {
    return db.read(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(
                  "SELECT id, role, content, created_at FROM messages WHERE seq < ?"
                      + " AND rewound IS NULL ORDER BY seq DESC LIMIT ?")) {
            query.setLong(1, before.isPresent() ? seqOf(connection, before.get()) : Long.MAX_VALUE);
            query.setInt(2, limit + 1);
            return MessagePage.of(query.executeQuery(), limit);
          }
        });
  }

  private static long seqOf(Connection connection, String messageId) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT seq FROM messages WHERE id = ?")) {
      query.setString(1, messageId);
      ResultSet row = query.executeQuery();
      if (row.next()) {
        return row.getLong(1);
      }
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE,
          "The message is invalid: 'before' names no message of this session.");
    }
  }

  /** Messages after a number up to another one, oldest first, without those that were rewound. */
  public List<SessionEvent> messagesBetween(long afterSeq, long upToSeq, int limit) {
    return db.read(
        connection -> Conversation.between(connection, sessionId, afterSeq, upToSeq, limit));
  }

  /**
   * A message that is part of the conversation, and the files that belong to it.
   *
   * @param messageId empty for the latest message
   * @throws ConcertException {@code MESSAGE_NOT_FOUND}
   */
  public MessagePoint point(Optional<String> messageId) {
    return db.read(connection -> Conversation.point(connection, messageId));
  }

  /** Whether this rewind is in the log. */
  public boolean wasRewound(String rewindId) {
    return db.read(connection -> Conversation.wasRewound(connection, rewindId));
  }

  /**
   * Notes the moment of the workspace with which a turn begins.
   *
   * @param seq of the event that started the turn
   * @param files sequence number of the workspace, or {@link MessagePoint#UNKNOWN}
   */
  public void turnBegins(String turnId, long seq, long files) {
    db.write(connection -> Conversation.begin(connection, turnId, seq, files));
  }

  /** Notes the moment of the workspace with which a turn ended. */
  public void turnEnded(String turnId, long files) {
    db.write(connection -> Conversation.end(connection, turnId, files));
  }

  /**
   * Notes which files a session has that begins with messages of another.
   *
   * @param files sequence number of its workspace
   */
  public void beginsWith(long files) {
    db.write(connection -> Conversation.beginsWith(connection, files));
  }

  /** The turn that was still open when the process that wrote it ended. */
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

  /** The state that clients were notified of last. */
  public SessionState lastState() {
    return db.read(
        connection -> {
          try (ResultSet row =
              connection
                  .createStatement()
                  .executeQuery(
                      "SELECT seq, format, json FROM events WHERE type = 'session_state'"
                          + " ORDER BY seq DESC LIMIT 1")) {
            return row.next() && placed(row).event() instanceof ServerEvent.StateChanged changed
                ? changed.state()
                : SessionState.INACTIVE;
          }
        });
  }

  private SessionEvent placed(ResultSet row) throws SQLException {
    return EventRecordCodec.decode(row.getInt(2), sessionId, row.getLong(1), row.getString(3));
  }

  /** The event that started the turn with this {@code clientTurnId}, if there is one. */
  public Optional<SessionEvent> turnNamed(String clientTurnId) {
    return db.read(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(
                  "SELECT seq, format, json FROM events WHERE seq ="
                      + " (SELECT started_seq FROM turns WHERE client_turn_id = ?)")) {
            query.setString(1, clientTurnId);
            ResultSet row = query.executeQuery();
            return row.next() ? Optional.of(placed(row)) : Optional.empty();
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
                    UNKNOWN_COST.equals(rows.getString(6)) ? null : rows.getString(6)));
          }
          return usage;
        });
  }

  @Override
  public void close() {
    db.close();
  }
}
