package dev.concert.automations.store;

import dev.concert.automations.store.EventStore.Event;
import dev.concert.automations.store.EventStore.Taken;
import dev.concert.foundation.lease.FencedDatabase;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How far the changes of a workspace are known to the automations that wait for them. An event and
 * the place behind it are one transaction, so that a crash loses and doubles no change. Thread-safe
 * and non-blocking.
 */
public final class FileWatchStore {
  /** To be run once on the database. */
  public static final String SCHEMA =
      """
      CREATE TABLE file_watch (
        automation TEXT PRIMARY KEY,
        session TEXT NOT NULL,
        sequence INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE TRIGGER file_watch_gone AFTER DELETE ON automation BEGIN
        DELETE FROM file_watch WHERE automation = OLD.id; END;
      """;

  private final FencedDatabase database;
  private final EventStore events;

  FileWatchStore(FencedDatabase database, EventStore events) {
    this.database = database;
    this.events = events;
  }

  /**
   * An automation that waits for changes.
   *
   * @param glob of the paths
   * @param sequence of the last change that it knows; empty where it has just begun to wait
   */
  public record FileWatch(
      String automationId, String owner, String sessionId, String glob, Optional<Long> sequence) {}

  /** Those that are enabled. */
  public Future<List<FileWatch>> all() {
    return database
        .query(
            """
            SELECT a.id, a.owner, json_extract(a.trigger_json, '$.source') AS source,
              json_extract(a.trigger_json, '$.expression'), w.sequence
            FROM automation AS a LEFT JOIN file_watch AS w ON w.automation = a.id
              AND w.session = json_extract(a.trigger_json, '$.source')
            WHERE json_extract(a.trigger_json, '$.kind') = 'file' AND a.state = 'enabled'
            ORDER BY a.id
            """,
            Tuple.tuple())
        .map(
            found -> {
              List<FileWatch> watches = new ArrayList<>();
              found.forEach(
                  row ->
                      watches.add(
                          new FileWatch(
                              row.getString(0),
                              row.getString(1),
                              row.getString(2),
                              row.getString(3),
                              Optional.ofNullable(row.getLong(4)))));
              return watches;
            });
  }

  /** It knows everything up to this change. */
  public Future<Void> advance(FileWatch watch, long sequence) {
    return database.change(connection -> advance(connection, watch, sequence));
  }

  private static Future<Void> advance(SqlConnection connection, FileWatch watch, long sequence) {
    return connection
        .preparedQuery(
            """
            INSERT INTO file_watch VALUES (?1, ?2, ?3)
            ON CONFLICT (automation) DO UPDATE SET session = ?2, sequence = ?3
            """)
        .execute(Tuple.of(watch.automationId(), watch.sessionId(), sequence))
        .mapEmpty();
  }

  /** The same, with a slot for what changed. */
  public Future<Taken> take(FileWatch watch, long sequence, Event event, Instant now) {
    return database.change(
        connection ->
            advance(connection, watch, sequence)
                .compose(_ -> events.take(connection, watch.automationId(), event, now)));
  }
}
