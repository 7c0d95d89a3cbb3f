package dev.concert.automations.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.automation.AutomationPolicy.Concurrency;
import dev.concert.automations.store.NewsStore.NewsRow;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes slots of events. The key of an event is unique for its automation, so that one that comes
 * again is no second slot. Thread-safe and non-blocking.
 */
public final class EventStore {
  /** To be run once on the database, after {@link SlotStore#SCHEMA}. */
  public static final String SCHEMA =
      """
      ALTER TABLE slot ADD COLUMN event_key TEXT;
      ALTER TABLE slot ADD COLUMN payload TEXT;
      ALTER TABLE slot ADD COLUMN depth INTEGER NOT NULL DEFAULT 0;
      CREATE UNIQUE INDEX slot_event ON slot (automation, event_key) WHERE event_key IS NOT NULL;
      CREATE INDEX automation_kind ON automation (json_extract(trigger_json, '$.kind'));
      """;

  /** To be run once on the database, after {@link #SCHEMA}. */
  public static final String SUBJECTS = "ALTER TABLE slot ADD COLUMN subject TEXT";

  /** Automations that begin one another: so many, then no more. */
  public static final int MAX_DEPTH = 5;

  private final FencedDatabase database;
  private final AutomationStore automations;
  private final NewsStore news;

  public EventStore(FencedDatabase database, AutomationStore automations, NewsStore news) {
    this.database = database;
    this.automations = automations;
    this.news = news;
  }

  /**
   * Something that happened.
   *
   * @param key the same when the same event comes again
   * @param payload JSON that the agent gets
   * @param depth how many automations began one another before it
   * @param subject what it is about, such as an issue: an automation has one run for each subject
   *     at a time; empty where all its events are about one thing
   */
  public record Event(String key, String payload, int depth, Optional<String> subject) {
    public Event(String key, String payload, int depth) {
      this(key, payload, depth, Optional.empty());
    }
  }

  /** What became of an event. */
  public enum Taken {
    /** It will run. */
    DUE,
    /** Its slot says why it does not run. */
    SKIPPED,
    /** It came before. */
    DUPLICATE,
    /** There is no such automation. */
    UNKNOWN
  }

  /** Makes a slot of an event. */
  public Future<Taken> take(String automationId, Event event, Instant now) {
    return database.change(connection -> take(connection, automationId, event, now));
  }

  /** The same, in the caller's transaction. */
  Future<Taken> take(SqlConnection connection, String automationId, Event event, Instant now) {
    return automations
        .find(connection, automationId)
        .compose(
            found ->
                found
                    .map(row -> take(connection, row, event, now))
                    .orElseGet(() -> Future.succeededFuture(Taken.UNKNOWN)));
  }

  private Future<Taken> take(
      SqlConnection connection, AutomationRow row, Event event, Instant now) {
    return isKnown(connection, row.id(), event)
        .compose(
            isKnown ->
                isKnown
                    ? Future.succeededFuture(Taken.DUPLICATE)
                    : refusal(connection, row, event)
                        .compose(reason -> insert(connection, row, event, reason, now)));
  }

  /** Whether the event came before. */
  static Future<Boolean> isKnown(SqlConnection connection, String automationId, Event event) {
    return exists(
        connection,
        "SELECT 1 FROM slot WHERE automation = ? AND event_key = ?",
        Tuple.of(automationId, event.key()));
  }

  /** Why it does not run; empty when it does. */
  private static Future<String> refusal(SqlConnection connection, AutomationRow row, Event event) {
    if (!row.isEnabled()) {
      return Future.succeededFuture("The automation was " + row.state() + ".");
    }
    if (event.depth() > MAX_DEPTH) {
      return Future.succeededFuture(
          "More than %d automations began one another.".formatted(MAX_DEPTH));
    }
    return row.policy().concurrency() == Concurrency.QUEUE
        ? exists(
                connection,
                """
                SELECT 1 FROM slot WHERE automation = ?1 AND state = 'due'
                  AND (?2 = '' OR subject = ?2) LIMIT 1
                """,
                Tuple.of(row.id(), event.subject().orElse("")))
            .map(waits -> waits ? "An earlier time still waits." : "")
        : Future.succeededFuture("");
  }

  private static Future<Boolean> exists(SqlConnection connection, String sql, Tuple parameters) {
    return connection.preparedQuery(sql).execute(parameters).map(rows -> rows.size() > 0);
  }

  private static Future<Taken> insert(
      SqlConnection connection, AutomationRow row, Event event, String reason, Instant now) {
    String state = reason.isEmpty() ? SlotRow.DUE : SlotRow.SKIPPED;
    return insert(
            connection,
            new EventSlot(row.id(), row.generation(), state, reason, event, now.toEpochMilli()))
        .map(reason.isEmpty() ? Taken.DUE : Taken.SKIPPED);
  }

  /**
   * A slot of an event.
   *
   * @param at Unix ms
   */
  record EventSlot(
      String automationId, long generation, String state, String reason, Event event, long at) {}

  /** Two events of one millisecond are two slots: the later one gets the next free time. */
  static Future<Void> insert(SqlConnection connection, EventSlot slot) {
    return connection
        .preparedQuery(
            """
            INSERT INTO slot (automation, scheduled_ms, generation, state, reason, late, manual,
              event_key, payload, depth, subject)
            SELECT ?1, max(?2, coalesce(max(scheduled_ms) + 1, 0)), ?3, ?4, ?5, 0, 0, ?6, ?7, ?8, ?9
            FROM slot WHERE automation = ?1 AND scheduled_ms >= ?2
            """)
        .execute(
            Tuple.tuple()
                .addString(slot.automationId())
                .addLong(slot.at())
                .addLong(slot.generation())
                .addString(slot.state())
                .addString(slot.reason())
                .addString(slot.event().key())
                .addString(slot.event().payload())
                .addInteger(slot.event().depth())
                .addString(slot.event().subject().orElse(null)))
        .mapEmpty();
  }

  /**
   * Makes slots of what these changes begin, and notes that they were told, in one transaction.
   *
   * @param rows the oldest that were not told, in order
   */
  public Future<Void> settle(List<NewsRow> rows, Instant now) {
    return database.change(
        connection -> {
          Future<Void> all = Future.succeededFuture();
          for (NewsRow row : rows) {
            all = all.compose(_ -> settle(connection, row, now));
          }
          return all.compose(_ -> news.told(connection, rows.getLast().seq()));
        });
  }

  private Future<Void> settle(SqlConnection connection, NewsRow row, Instant now) {
    return switch (row.type()) {
      case "automation.run_completed", "automation.run_failed" -> runEnded(connection, row, now);
      case "inbox.item_created" -> itemCame(connection, row, now);
      default -> Future.succeededFuture();
    };
  }

  /** A run that is tried again has not ended. */
  private Future<Void> runEnded(SqlConnection connection, NewsRow row, Instant now) {
    return connection
        .preparedQuery(
            """
            SELECT run.state, run.error, run.session, slot.depth FROM run
            JOIN slot ON slot.automation = run.automation
              AND slot.scheduled_ms = run.scheduled_ms AND slot.run = run.id
            WHERE run.id = ? AND slot.state = 'done'
            """)
        .execute(Tuple.of(row.subject()))
        .compose(
            found -> {
              if (found.size() == 0) {
                return Future.succeededFuture();
              }
              Row run = found.iterator().next();
              ObjectNode payload =
                  Json.MAPPER
                      .createObjectNode()
                      .put("source", "automation")
                      .put("automationId", row.automationId())
                      .put("runId", row.subject())
                      .put("state", run.getString(0))
                      .put("error", run.getString(1))
                      .put("sessionId", run.getString(2));
              String end = row.type().endsWith("completed") ? "completed" : "failed";
              return listeners(connection, "automation", row)
                  .compose(
                      all ->
                          takeAll(
                              connection,
                              all.stream()
                                  .filter(one -> row.automationId().equals(one.trigger().source()))
                                  .filter(one -> wants(one, end))
                                  .toList(),
                              new Event(
                                  "run:" + row.subject(),
                                  payload.toString(),
                                  run.getInteger(3) + 1),
                              now));
            });
  }

  /** What an automation puts into the inbox itself does not begin it. */
  private Future<Void> itemCame(SqlConnection connection, NewsRow row, Instant now) {
    return connection
        .preparedQuery(
            """
            SELECT item.kind, item.severity, item.title, item.body, item.run, item.session,
              coalesce(slot.depth, 0)
            FROM inbox_item AS item LEFT JOIN run ON run.id = item.run
            LEFT JOIN slot ON slot.automation = run.automation
              AND slot.scheduled_ms = run.scheduled_ms
            WHERE item.id = ?
            """)
        .execute(Tuple.of(row.subject()))
        .compose(
            found -> {
              if (found.size() == 0) {
                return Future.succeededFuture();
              }
              Row item = found.iterator().next();
              ObjectNode payload =
                  Json.MAPPER
                      .createObjectNode()
                      .put("source", "inbox")
                      .put("itemId", row.subject())
                      .put("automationId", row.automationId())
                      .put("kind", item.getString(0))
                      .put("severity", item.getString(1))
                      .put("title", item.getString(2))
                      .put("body", item.getString(3))
                      .put("runId", item.getString(4))
                      .put("sessionId", item.getString(5));
              return listeners(connection, "inbox", row)
                  .compose(
                      all ->
                          takeAll(
                              connection,
                              all.stream()
                                  .filter(one -> !one.id().equals(row.automationId()))
                                  .filter(one -> wants(one, item.getString(0)))
                                  .toList(),
                              new Event(
                                  "item:" + row.subject(),
                                  payload.toString(),
                                  item.getInteger(6) + 1),
                              now));
            });
  }

  /** An automation hears of its owner's automations and inbox only. */
  private Future<List<AutomationRow>> listeners(
      SqlConnection connection, String kind, NewsRow row) {
    return connection
        .preparedQuery(
            """
            SELECT id FROM automation
            WHERE json_extract(trigger_json, '$.kind') = ? AND owner = ? ORDER BY created_ms, id
            """)
        .execute(Tuple.of(kind, row.owner()))
        .compose(
            found -> {
              List<AutomationRow> rows = new ArrayList<>();
              Future<Void> all = Future.succeededFuture();
              for (Row one : found) {
                all =
                    all.compose(_ -> automations.find(connection, one.getString(0)))
                        .map(
                            listener -> {
                              listener.filter(AutomationRow::isEnabled).ifPresent(rows::add);
                              return null;
                            });
              }
              return all.map(rows);
            });
  }

  private static boolean wants(AutomationRow listener, String word) {
    List<String> choices = listener.trigger().choices();
    return choices.isEmpty() || choices.contains("any") || choices.contains(word);
  }

  private Future<Void> takeAll(
      SqlConnection connection, List<AutomationRow> rows, Event event, Instant now) {
    Future<Void> all = Future.succeededFuture();
    for (AutomationRow row : rows) {
      all = all.compose(_ -> take(connection, row, event, now)).mapEmpty();
    }
    return all;
  }
}
