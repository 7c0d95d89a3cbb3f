package dev.concert.foundation.outbox;

import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.foundation.outbox.OutboxMessage.State;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Stores the messages of one owner and how far each is. Thread-safe and non-blocking; a change is
 * durable when its future succeeds.
 */
public final class DurableOutbox {
  /** To be run once on the database. */
  public static final String SCHEMA =
      """
      CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        route TEXT NOT NULL,
        conversation TEXT NOT NULL,
        message_key TEXT NOT NULL,
        content TEXT NOT NULL,
        version INTEGER NOT NULL DEFAULT 1,
        sending_version INTEGER NOT NULL DEFAULT 0,
        sent_version INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL DEFAULT 'pending'
          CHECK (state IN ('pending', 'sending', 'uncertain', 'sent', 'failed')),
        remote_id TEXT,
        attempts INTEGER NOT NULL DEFAULT 0,
        not_before_ms INTEGER NOT NULL DEFAULT 0,
        sent_again INTEGER NOT NULL DEFAULT 0,
        note TEXT,
        changed_ms INTEGER NOT NULL,
        UNIQUE (conversation, message_key)
      );
      CREATE INDEX outbox_open ON outbox (conversation, id)
        WHERE state IN ('pending', 'sending', 'uncertain');
      """;

  private static final String COLUMNS =
      "id, route, conversation, message_key, content, version, sent_version, state, remote_id,"
          + " attempts, sent_again, not_before_ms";

  private final FencedDatabase database;
  private final InstantSource clock;

  /**
   * @param database with {@link #SCHEMA}
   */
  public DurableOutbox(FencedDatabase database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Puts a message at the end of its conversation, or replaces the content of the one with this
   * key. The same content again changes nothing.
   */
  public Future<Void> put(String route, String conversation, String key, String content) {
    return database
        .change(connection -> put(connection, route, conversation, key, content))
        .mapEmpty();
  }

  /**
   * The same, unless so many messages of this route wait already.
   *
   * @return whether the message is stored
   */
  public Future<Boolean> putWithin(
      int limit, String route, String conversation, String key, String content) {
    return database.change(
        connection ->
            connection
                .preparedQuery(
                    """
                    SELECT EXISTS (
                        SELECT 1 FROM outbox WHERE conversation = ? AND message_key = ?)
                      OR (SELECT count(*) FROM outbox
                          WHERE route = ? AND state IN ('pending', 'sending', 'uncertain')) < ?
                    """)
                .execute(Tuple.of(conversation, key, route, limit))
                .compose(
                    found ->
                        found.iterator().next().getInteger(0) == 0
                            ? Future.succeededFuture(false)
                            : put(connection, route, conversation, key, content).map(true)));
  }

  /** The same, as a part of a transaction of the same database. */
  public Future<RowSet<Row>> put(
      SqlConnection connection, String route, String conversation, String key, String content) {
    return connection
        .preparedQuery(
            """
            INSERT INTO outbox (route, conversation, message_key, content, changed_ms)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (conversation, message_key) DO UPDATE SET
              content = excluded.content, version = version + 1, changed_ms = excluded.changed_ms,
              attempts = 0,
              state = CASE WHEN state = 'sent' THEN 'pending' ELSE state END
            WHERE content <> excluded.content
            """)
        .execute(Tuple.of(route, conversation, key, content, clock.millis()));
  }

  /** The conversations that have messages to be sent. */
  public Future<List<String>> openConversations() {
    return database
        .query(
            "SELECT DISTINCT conversation FROM outbox"
                + " WHERE state IN ('pending', 'sending', 'uncertain')",
            Tuple.tuple())
        .map(
            rows -> {
              List<String> conversations = new ArrayList<>();
              rows.forEach(row -> conversations.add(row.getString(0)));
              return conversations;
            });
  }

  /** The first message of a conversation that is to be sent, with the time that it has to wait. */
  Future<Optional<Due>> next(String conversation) {
    return database
        .query(
            "SELECT "
                + COLUMNS
                + " FROM outbox WHERE conversation = ?"
                + " AND state IN ('pending', 'sending', 'uncertain') ORDER BY id LIMIT 1",
            Tuple.of(conversation))
        .map(
            rows -> {
              for (Row row : rows) {
                long pause = row.getLong(11) - clock.millis();
                return Optional.of(new Due(message(row), Duration.ofMillis(Math.max(0, pause))));
              }
              return Optional.empty();
            });
  }

  /** A message, and how long it has to wait. */
  record Due(OutboxMessage message, Duration pause) {}

  /** All messages of a conversation, in order. */
  public Future<List<OutboxMessage>> messages(String conversation) {
    return database
        .query(
            "SELECT " + COLUMNS + " FROM outbox WHERE conversation = ? ORDER BY id",
            Tuple.of(conversation))
        .map(
            rows -> {
              List<OutboxMessage> messages = new ArrayList<>();
              rows.forEach(row -> messages.add(message(row)));
              return messages;
            });
  }

  /** A request begins; durable before it does. */
  Future<Void> sending(OutboxMessage message) {
    return set("state = 'sending', sending_version = ?", Tuple.of(message.version(), message.id()));
  }

  /** The version that was being sent is there. A newer one may wait already. */
  Future<Void> sent(OutboxMessage message, String remoteId) {
    return set(
        """
        remote_id = ?, sent_version = sending_version, attempts = 0, not_before_ms = 0, note = NULL,
        state = CASE WHEN sending_version = version THEN 'sent' ELSE 'pending' END
        """,
        Tuple.of(remoteId, message.id()));
  }

  /** The version that was being sent is there for good. A newer one may wait already. */
  Future<Void> done(OutboxMessage message) {
    return database
        .update(
            "DELETE FROM outbox WHERE id = ? AND sending_version = version", Tuple.of(message.id()))
        .compose(
            removed ->
                removed == 1
                    ? Future.succeededFuture()
                    : set("state = 'pending', attempts = 0", Tuple.of(message.id())));
  }

  /** People saw the version that was being sent; it is not there. A newer one may wait already. */
  Future<Void> shown(OutboxMessage message) {
    return set(
        """
        attempts = 0, not_before_ms = 0, note = NULL,
        state = CASE WHEN sending_version = version THEN 'sent' ELSE 'pending' END
        """,
        Tuple.of(message.id()));
  }

  /**
   * It is there, but nobody knows in which version: the newest one is sent, which changes nothing
   * where it is there already.
   */
  Future<Void> found(OutboxMessage message, String remoteId) {
    return set(
        "remote_id = ?, sent_version = 0, state = 'pending'", Tuple.of(remoteId, message.id()));
  }

  /** It is sent later. */
  Future<Void> later(OutboxMessage message, Duration wait, boolean failed, String note) {
    return set(
        "state = 'pending', not_before_ms = ?, attempts = attempts + ?, note = ?",
        Tuple.of(clock.millis() + wait.toMillis(), failed ? 1 : 0, note, message.id()));
  }

  /** Nobody knows whether it is there. */
  Future<Void> uncertain(OutboxMessage message, Duration wait, String note) {
    return set(
        "state = 'uncertain', not_before_ms = ?, attempts = attempts + 1, note = ?",
        Tuple.of(clock.millis() + wait.toMillis(), note, message.id()));
  }

  /** It could not be looked up and is sent again: it may be there twice. */
  Future<Void> again(OutboxMessage message) {
    return set("state = 'pending', sent_again = 1", Tuple.of(message.id()));
  }

  /** It is not there, or not any more: it is sent as a new one. */
  Future<Void> absent(OutboxMessage message) {
    return set("state = 'pending', remote_id = NULL", Tuple.of(message.id()));
  }

  /** It is given up. */
  Future<Void> failed(OutboxMessage message, String note) {
    return set("state = 'failed', note = ?", Tuple.of(note, message.id()));
  }

  private Future<Void> set(String columns, Tuple parameters) {
    return database.update("UPDATE outbox SET " + columns + " WHERE id = ?", parameters).mapEmpty();
  }

  /** What an earlier process was sending is uncertain. */
  Future<Integer> recover() {
    return database.update(
        "UPDATE outbox SET state = 'uncertain', not_before_ms = 0 WHERE state = 'sending'",
        Tuple.tuple());
  }

  /**
   * Forgets what was sent or given up and did not change for that long.
   *
   * @return how many messages were forgotten
   */
  public Future<Integer> prune(Duration age) {
    return database.update(
        "DELETE FROM outbox WHERE state IN ('sent', 'failed') AND changed_ms < ?",
        Tuple.of(clock.instant().minus(age).toEpochMilli()));
  }

  private static OutboxMessage message(Row row) {
    return new OutboxMessage(
        row.getLong(0),
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getLong(5),
        row.getLong(6),
        State.valueOf(row.getString(7).toUpperCase(Locale.ROOT)),
        Optional.ofNullable(row.getString(8)),
        row.getInteger(9),
        row.getInteger(10) == 1);
  }
}
