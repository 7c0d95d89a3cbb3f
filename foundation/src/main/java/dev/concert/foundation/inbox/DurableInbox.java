package dev.concert.foundation.inbox;

import dev.concert.foundation.lease.FencedDatabase;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The events of one owner, claimed by their senders' ids. Thread-safe and non-blocking.
 *
 * <p>What is finished is remembered, without its body, until {@link #prune} forgets it. Senders
 * repeat events for minutes or hours: forget nothing that is younger than that.
 */
public final class DurableInbox {
  /** To be run once on the database. */
  public static final String SCHEMA =
      """
      CREATE TABLE inbox (
        source TEXT NOT NULL,
        event_id TEXT NOT NULL,
        body TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('claimed', 'finished', 'failed')),
        received_ms INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        note TEXT,
        PRIMARY KEY (source, event_id)
      ) WITHOUT ROWID;
      CREATE INDEX inbox_claimed ON inbox (received_ms) WHERE state = 'claimed';
      """;

  private final FencedDatabase database;
  private final InstantSource clock;

  /**
   * @param database with {@link #SCHEMA}
   */
  public DurableInbox(FencedDatabase database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Claims an event; durable when the future succeeds.
   *
   * @return false when it was claimed before, finished or not
   */
  public Future<Boolean> claim(String source, String eventId, String body) {
    return database
        .update(
            """
            INSERT INTO inbox (source, event_id, body, state, received_ms)
            VALUES (?, ?, ?, 'claimed', ?) ON CONFLICT DO NOTHING
            """,
            Tuple.of(source, eventId, body, clock.millis()))
        .map(inserted -> inserted == 1);
  }

  /** What was claimed and is not finished, the oldest first. */
  public Future<List<InboxEvent>> unfinished(int limit) {
    return database
        .query(
            """
            SELECT source, event_id, body, received_ms, attempts FROM inbox
            WHERE state = 'claimed' ORDER BY received_ms, event_id LIMIT ?
            """,
            Tuple.of(limit))
        .map(
            rows -> {
              List<InboxEvent> events = new ArrayList<>();
              for (Row row : rows) {
                events.add(
                    new InboxEvent(
                        row.getString(0),
                        row.getString(1),
                        row.getString(2),
                        Instant.ofEpochMilli(row.getLong(3)),
                        row.getInteger(4)));
              }
              return events;
            });
  }

  /** Counts one more attempt to handle an event, before it begins. */
  public Future<Void> attempt(String source, String eventId) {
    return database
        .update(
            "UPDATE inbox SET attempts = attempts + 1 WHERE source = ? AND event_id = ?",
            Tuple.of(source, eventId))
        .mapEmpty();
  }

  /** Everything that the event asked for is durable elsewhere. */
  public Future<Void> finish(String source, String eventId) {
    return end(source, eventId, "finished", null);
  }

  /**
   * The event is given up.
   *
   * @param note why, without secrets
   */
  public Future<Void> fail(String source, String eventId, String note) {
    return end(source, eventId, "failed", note);
  }

  private Future<Void> end(String source, String eventId, String state, String note) {
    return database
        .update(
            "UPDATE inbox SET state = ?, body = '', note = ? WHERE source = ? AND event_id = ?",
            Tuple.of(state, note, source, eventId))
        .mapEmpty();
  }

  /**
   * Forgets what is finished or given up and came longer ago than that.
   *
   * @return how many events were forgotten
   */
  public Future<Integer> prune(Duration age) {
    return database.update(
        "DELETE FROM inbox WHERE state <> 'claimed' AND received_ms < ?",
        Tuple.of(clock.instant().minus(age).toEpochMilli()));
  }
}
