package dev.concert.bridges.conversation;

import dev.concert.foundation.lease.FencedDatabase;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which session a conversation is, and which turns are being shown in it. Non-blocking. */
final class ConversationStore {
  /** To be run once on the database. */
  static final String SCHEMA =
      """
      CREATE TABLE conversations (
        connection_id TEXT NOT NULL,
        conversation TEXT NOT NULL,
        channel TEXT NOT NULL,
        session_id TEXT NOT NULL,
        PRIMARY KEY (connection_id, conversation)
      ) WITHOUT ROWID;
      CREATE TABLE followed_turns (
        turn_id TEXT PRIMARY KEY,
        connection_id TEXT NOT NULL,
        conversation TEXT NOT NULL,
        channel TEXT NOT NULL,
        session_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        ended INTEGER NOT NULL DEFAULT 0
      ) WITHOUT ROWID;
      CREATE INDEX open_turns ON followed_turns (connection_id, channel) WHERE ended = 0;
      """;

  /** To be run after {@link #SCHEMA}. */
  static final String BOOKMARKS =
      """
      CREATE TABLE bookmarks (
        connection_id TEXT PRIMARY KEY,
        bookmark TEXT NOT NULL
      ) WITHOUT ROWID;
      """;

  /** To be run after {@link #SCHEMA}. */
  static final String EVENTS =
      """
      CREATE TABLE turn_events (
        connection_id TEXT NOT NULL,
        event_id TEXT NOT NULL,
        turn_id TEXT NOT NULL,
        PRIMARY KEY (connection_id, event_id)
      ) WITHOUT ROWID;
      CREATE TABLE conversation_models (
        connection_id TEXT NOT NULL,
        conversation TEXT NOT NULL,
        model TEXT NOT NULL,
        PRIMARY KEY (connection_id, conversation)
      ) WITHOUT ROWID;
      """;

  /** To be run after {@link #SCHEMA}. */
  static final String SENDERS =
      "ALTER TABLE followed_turns ADD COLUMN sender TEXT NOT NULL DEFAULT '';";

  private static final String TURN =
      "SELECT turn_id, connection_id, conversation, channel, session_id, user_id, seq, sender"
          + " FROM followed_turns WHERE ended = 0 ";

  /**
   * A turn whose events are shown in a conversation.
   *
   * @param userId the member who began it
   * @param seq number of the event that began it
   * @param sender the platform's id of that member
   */
  record FollowedTurn(
      String turnId,
      String connectionId,
      String conversation,
      String channel,
      String sessionId,
      String userId,
      long seq,
      String sender) {}

  private final FencedDatabase database;

  ConversationStore(FencedDatabase database) {
    this.database = database;
  }

  Future<Optional<String>> session(String connectionId, String conversation) {
    return database
        .query(
            "SELECT session_id FROM conversations WHERE connection_id = ? AND conversation = ?",
            Tuple.of(connectionId, conversation))
        .map(
            rows -> {
              for (Row row : rows) {
                return Optional.of(row.getString(0));
              }
              return Optional.empty();
            });
  }

  Future<Void> bind(String connectionId, String conversation, String channel, String sessionId) {
    return database
        .update(
            "INSERT OR REPLACE INTO conversations VALUES (?, ?, ?, ?)",
            Tuple.of(connectionId, conversation, channel, sessionId))
        .mapEmpty();
  }

  Future<Void> unbind(String connectionId, String conversation) {
    return database
        .update(
            "DELETE FROM conversations WHERE connection_id = ? AND conversation = ?",
            Tuple.of(connectionId, conversation))
        .mapEmpty();
  }

  /**
   * @return false when it was followed before
   */
  Future<Boolean> follow(FollowedTurn turn) {
    return database
        .update(
            """
            INSERT INTO followed_turns
              (turn_id, connection_id, conversation, channel, session_id, user_id, seq, sender)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            Tuple.of(
                turn.turnId(),
                turn.connectionId(),
                turn.conversation(),
                turn.channel(),
                turn.sessionId(),
                turn.userId(),
                turn.seq(),
                turn.sender()))
        .map(inserted -> inserted == 1);
  }

  /** The event that began a turn. */
  Future<Void> beganBy(String connectionId, String eventId, String turnId) {
    return database
        .update(
            "INSERT INTO turn_events VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            Tuple.of(connectionId, eventId, turnId))
        .mapEmpty();
  }

  /** The turn that an event began, as long as it runs. */
  Future<Optional<FollowedTurn>> openOf(String connectionId, String eventId) {
    return database
        .query(
            TURN
                + "AND turn_id = (SELECT turn_id FROM turn_events"
                + " WHERE connection_id = ? AND event_id = ?)",
            Tuple.of(connectionId, eventId))
        .map(rows -> turns(rows).stream().findFirst());
  }

  /** The model that was chosen for the new sessions of a conversation. */
  Future<Optional<String>> model(String connectionId, String conversation) {
    return text(
        "SELECT model FROM conversation_models WHERE connection_id = ? AND conversation = ?",
        Tuple.of(connectionId, conversation));
  }

  Future<Void> setModel(String connectionId, String conversation, String model) {
    return database
        .update(
            "INSERT OR REPLACE INTO conversation_models VALUES (?, ?, ?)",
            Tuple.of(connectionId, conversation, model))
        .mapEmpty();
  }

  private Future<Optional<String>> text(String query, Tuple parameters) {
    return database
        .query(query, parameters)
        .map(
            rows -> {
              for (Row row : rows) {
                return Optional.of(row.getString(0));
              }
              return Optional.empty();
            });
  }

  Future<Void> end(String turnId) {
    return database
        .update("UPDATE followed_turns SET ended = 1 WHERE turn_id = ?", Tuple.of(turnId))
        .mapEmpty();
  }

  Future<List<FollowedTurn>> open() {
    return database.query(TURN, Tuple.tuple()).map(ConversationStore::turns);
  }

  /** The turns that run in a channel, in whatever thread; the youngest first. */
  Future<List<FollowedTurn>> openIn(String connectionId, String channel) {
    return database
        .query(
            TURN + "AND connection_id = ? AND (channel = ? OR conversation = ?) ORDER BY seq DESC",
            Tuple.of(connectionId, channel, channel))
        .map(ConversationStore::turns);
  }

  /** How far the receiver of a connection is. */
  Future<Optional<String>> bookmark(String connectionId) {
    return text("SELECT bookmark FROM bookmarks WHERE connection_id = ?", Tuple.of(connectionId));
  }

  Future<Void> keep(String connectionId, String bookmark) {
    return database
        .update("INSERT OR REPLACE INTO bookmarks VALUES (?, ?)", Tuple.of(connectionId, bookmark))
        .mapEmpty();
  }

  private static List<FollowedTurn> turns(RowSet<Row> rows) {
    List<FollowedTurn> turns = new ArrayList<>();
    rows.forEach(
        row ->
            turns.add(
                new FollowedTurn(
                    row.getString(0),
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getLong(6),
                    row.getString(7))));
    return turns;
  }
}
