package dev.concert.automations.store;

import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.text.ShortText;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What runs left for people. Thread-safe and non-blocking. */
public final class InboxItemStore {
  /** To be run once on the database. */
  public static final String SCHEMA =
      """
      CREATE TABLE inbox_item (
        id TEXT PRIMARY KEY,
        owner TEXT NOT NULL,
        automation TEXT NOT NULL,
        run TEXT,
        session TEXT,
        kind TEXT NOT NULL,
        severity TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('new', 'seen', 'snoozed', 'done')),
        until_ms INTEGER,
        title TEXT NOT NULL,
        body TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        updated_ms INTEGER NOT NULL
      );
      CREATE INDEX inbox_item_of ON inbox_item (owner, created_ms);
      """;

  private static final String COLUMNS =
      "id, automation, run, session, kind, severity, state, until_ms, title, body, created_ms,"
          + " updated_ms, merged_into,"
          + " (SELECT count(*) FROM inbox_item AS same WHERE same.merged_into = inbox_item.id),"
          + " NOT EXISTS (SELECT 1 FROM automation WHERE automation.id = inbox_item.automation)";
  private static final int MAX_TITLE = 200;
  private static final int MAX_BODY = 20_000;

  private final FencedDatabase database;
  private final ItemTriage triage;

  /**
   * @param database with {@link #SCHEMA}
   */
  InboxItemStore(FencedDatabase database, ItemTriage triage) {
    this.database = database;
    this.triage = triage;
  }

  /**
   * Adds an item in the caller's transaction, and follows the rules of the inbox; one that is there
   * already stays as it is.
   *
   * @param owner whose inbox it is
   */
  Future<Void> insert(SqlConnection connection, String owner, InboxItem item) {
    return connection
        .preparedQuery(
            """
            INSERT INTO inbox_item (id, owner, automation, run, session, kind, severity, state,
              title, body, created_ms, updated_ms)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """)
        .execute(
            Tuple.tuple()
                .addString(item.itemId())
                .addString(owner)
                .addString(item.automationId())
                .addString(item.runId())
                .addString(item.sessionId())
                .addString(item.kind())
                .addString(item.severity())
                .addString(item.state())
                .addString(ShortText.marked(item.title(), MAX_TITLE))
                .addString(ShortText.marked(item.body(), MAX_BODY))
                .addLong(item.createdAt())
                .addLong(item.updatedAt()))
        .compose(
            added ->
                added.rowCount() == 1
                    ? triage.came(connection, owner, item)
                    : Future.succeededFuture());
  }

  /** Adds an item. */
  public Future<Void> insert(String owner, InboxItem item) {
    return database.change(connection -> insert(connection, owner, item));
  }

  /**
   * The items of an owner, the newest first.
   *
   * @param state {@code open} for all that need somebody now, {@code all}, or a state
   */
  public Future<List<InboxItem>> list(String owner, String state, Instant now, int limit) {
    String where =
        switch (state) {
          case "all" -> "1 = 1";
          case "open" -> "(state IN ('new', 'seen') OR state = 'snoozed' AND until_ms <= ?2)";
          default -> "state = ?4";
        };
    return database
        .query(
            "SELECT "
                + COLUMNS
                + " FROM inbox_item WHERE owner = ?1 AND ?2 > 0 AND ?4 <> '' AND "
                + where
                + " ORDER BY created_ms DESC, id LIMIT ?3",
            Tuple.of(owner, now.toEpochMilli(), limit, state))
        .map(InboxItemStore::rows);
  }

  /** Makes items new whose snooze has ended. */
  public Future<Void> wake(Instant now) {
    return database
        .update(
            """
            UPDATE inbox_item SET state = 'new', until_ms = NULL, updated_ms = ?1
            WHERE state = 'snoozed' AND until_ms <= ?1
            """,
            Tuple.of(now.toEpochMilli()))
        .mapEmpty();
  }

  /** When the first snooze ends. */
  public Future<Optional<Instant>> earliestWake() {
    return database
        .query("SELECT min(until_ms) FROM inbox_item WHERE state = 'snoozed'", Tuple.tuple())
        .map(
            rows ->
                Optional.ofNullable(rows.iterator().next().getLong(0)).map(Instant::ofEpochMilli));
  }

  /** An item of an owner. */
  public Future<Optional<InboxItem>> find(String owner, String id) {
    return database
        .query(
            "SELECT " + COLUMNS + " FROM inbox_item WHERE id = ?1 AND owner = ?2",
            Tuple.of(id, owner))
        .map(rows -> rows(rows).stream().findFirst());
  }

  private static List<InboxItem> rows(RowSet<Row> found) {
    List<InboxItem> rows = new ArrayList<>();
    for (Row row : found) {
      rows.add(
          new InboxItem(
              row.getString(0),
              row.getString(1),
              row.getString(2),
              row.getString(3),
              row.getString(4),
              row.getString(5),
              row.getString(6),
              row.getLong(7),
              row.getString(8),
              row.getString(9),
              row.getLong(10),
              row.getLong(11),
              row.getString(12),
              row.getInteger(13),
              row.getInteger(14) != 0));
    }
    return rows;
  }
}
