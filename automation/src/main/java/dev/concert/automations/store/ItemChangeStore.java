package dev.concert.automations.store;

import dev.concert.automation.InboxMessages.ItemChange;
import dev.concert.automation.InboxMessages.RuleDecision;
import dev.concert.foundation.lease.FencedDatabase;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Changes items of inboxes. Each change is a row with what was before, in the same transaction, so
 * that it can be seen and taken back. Thread-safe and non-blocking.
 */
public final class ItemChangeStore {
  /** To be run once on the database, after {@link InboxItemStore#SCHEMA} and the news. */
  public static final String SCHEMA =
      """
      ALTER TABLE inbox_item ADD COLUMN merged_into TEXT;
      CREATE INDEX inbox_item_merged ON inbox_item (merged_into) WHERE merged_into IS NOT NULL;
      CREATE TABLE inbox_change (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        item TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        by_kind TEXT NOT NULL CHECK (by_kind IN ('person', 'rule', 'agent')),
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        note TEXT NOT NULL,
        state TEXT NOT NULL,
        until_ms INTEGER,
        severity TEXT NOT NULL,
        merged_into TEXT,
        question TEXT,
        undone INTEGER NOT NULL DEFAULT 0
      );
      CREATE INDEX inbox_change_of ON inbox_change (item, seq);
      DROP TRIGGER item_changed;
      CREATE TRIGGER item_changed AFTER UPDATE OF state, until_ms, severity, merged_into
        ON inbox_item
        WHEN NEW.state <> OLD.state OR NEW.until_ms IS NOT OLD.until_ms
          OR NEW.severity <> OLD.severity OR NEW.merged_into IS NOT OLD.merged_into BEGIN
        INSERT INTO news (type, owner, automation, subject)
        VALUES ('inbox.item_updated', NEW.owner, NEW.automation, NEW.id); END;
      """;

  /** To be run once after it. */
  public static final String RULES =
      """
      ALTER TABLE inbox_change ADD COLUMN rule TEXT;
      CREATE INDEX inbox_change_by ON inbox_change (rule, seq) WHERE rule IS NOT NULL;
      """;

  private static final String UNDO = "undo";

  private final FencedDatabase database;

  ItemChangeStore(FencedDatabase database) {
    this.database = database;
  }

  /** Who changes an item. */
  public enum By {
    PERSON,
    RULE,
    AGENT;

    private String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A change.
   *
   * @param actor the user, the rule or the run
   * @param note why, or what became other
   * @param question id of the item by which an agent asks; empty for none
   * @param rule id of the rule; empty for persons and agents
   */
  public record Change(
      By by,
      String actor,
      String action,
      String note,
      Optional<String> question,
      Optional<String> rule) {
    public Change(By by, String actor, String action, String note) {
      this(by, actor, action, note, Optional.empty(), Optional.empty());
    }
  }

  /** What can become other. */
  record ItemState(String state, Long until, String severity, String mergedInto) {
    ItemState in(String newState, Optional<Instant> newUntil) {
      return new ItemState(
          newState, newUntil.map(Instant::toEpochMilli).orElse(null), severity, mergedInto);
    }

    ItemState rated(String newSeverity) {
      return new ItemState(state, until, newSeverity, mergedInto);
    }

    ItemState mergedInto(String item) {
      return new ItemState("done", null, severity, item);
    }
  }

  /** A person sets the state of an item; the same again is no change. */
  public Future<Void> setState(
      String id, String state, Optional<Instant> until, String userId, Instant now) {
    return database.change(
        connection ->
            apply(
                connection,
                id,
                item -> item.in(state, until),
                new Change(By.PERSON, userId, state, ""),
                now));
  }

  /** Changes an item, if it is there, in the caller's transaction. */
  Future<Void> apply(
      SqlConnection connection,
      String id,
      UnaryOperator<ItemState> become,
      Change change,
      Instant now) {
    return find(connection, id)
        .compose(
            found -> {
              if (found.isEmpty()) {
                return Future.succeededFuture();
              }
              ItemState before = found.get();
              ItemState after = become.apply(before);
              boolean isSame = after.equals(before) && change.by() == By.PERSON;
              return isSame
                  ? Future.succeededFuture()
                  : set(connection, id, after, now)
                      .compose(_ -> note(connection, id, before, change, now));
            });
  }

  private static Future<Optional<ItemState>> find(SqlConnection connection, String id) {
    return connection
        .preparedQuery("SELECT state, until_ms, severity, merged_into FROM inbox_item WHERE id = ?")
        .execute(Tuple.of(id))
        .map(
            rows -> {
              if (rows.size() == 0) {
                return Optional.empty();
              }
              Row row = rows.iterator().next();
              return Optional.of(
                  new ItemState(
                      row.getString(0), row.getLong(1), row.getString(2), row.getString(3)));
            });
  }

  private static Future<Void> set(
      SqlConnection connection, String id, ItemState item, Instant now) {
    return connection
        .preparedQuery(
            """
            UPDATE inbox_item
            SET state = ?, until_ms = ?, severity = ?, merged_into = ?, updated_ms = ? WHERE id = ?
            """)
        .execute(
            Tuple.of(
                item.state(),
                item.until(),
                item.severity(),
                item.mergedInto(),
                now.toEpochMilli(),
                id))
        .mapEmpty();
  }

  private static Future<Void> note(
      SqlConnection connection, String id, ItemState before, Change change, Instant now) {
    return connection
        .preparedQuery(
            """
            INSERT INTO inbox_change (item, at_ms, by_kind, actor, action, note, state, until_ms,
              severity, merged_into, question, rule)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .execute(
            Tuple.tuple()
                .addString(id)
                .addLong(now.toEpochMilli())
                .addString(change.by().wireName())
                .addString(change.actor())
                .addString(change.action())
                .addString(change.note())
                .addString(before.state())
                .addLong(before.until())
                .addString(before.severity())
                .addString(before.mergedInto())
                .addString(change.question().orElse(null))
                .addString(change.rule().orElse(null)))
        .mapEmpty();
  }

  /** What became of an item, the newest first. */
  public Future<List<ItemChange>> of(String itemId) {
    return database
        .query(
            """
            SELECT at_ms, by_kind, actor, action, note, undone FROM inbox_change
            WHERE item = ? ORDER BY seq DESC
            """,
            Tuple.of(itemId))
        .map(
            rows -> {
              List<ItemChange> changes = new ArrayList<>();
              rows.forEach(row -> changes.add(change(row)));
              return changes;
            });
  }

  private static ItemChange change(Row row) {
    return new ItemChange(
        row.getLong(0),
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getInteger(5) != 0);
  }

  /** What a rule, and the agents that it asked, did with items that are still there. */
  public Future<List<RuleDecision>> decisions(String ruleId, int limit) {
    return database
        .query(
            """
            SELECT at_ms, by_kind, actor, action, note, undone, item, title
            FROM inbox_change JOIN inbox_item ON inbox_item.id = item
            WHERE rule = ?1 OR by_kind = 'agent' AND item IN
              (SELECT item FROM inbox_change WHERE rule = ?1 AND action = 'agent')
            ORDER BY seq DESC LIMIT ?2
            """,
            Tuple.of(ruleId, limit))
        .map(
            rows -> {
              List<RuleDecision> decisions = new ArrayList<>();
              rows.forEach(
                  row ->
                      decisions.add(
                          new RuleDecision(row.getString(6), row.getString(7), change(row))));
              return decisions;
            });
  }

  /**
   * Takes back the newest change that is not taken back yet.
   *
   * @return whether there was one
   */
  public Future<Boolean> undo(String itemId, String userId, Instant now) {
    return database.change(
        connection ->
            connection
                .preparedQuery(
                    """
                    SELECT seq, state, until_ms, severity, merged_into, action, question
                    FROM inbox_change WHERE item = ? AND undone = 0 AND action <> 'undo'
                    ORDER BY seq DESC LIMIT 1
                    """)
                .execute(Tuple.of(itemId))
                .compose(
                    rows ->
                        rows.size() == 0
                            ? Future.succeededFuture(false)
                            : undo(connection, itemId, rows.iterator().next(), userId, now)
                                .map(true)));
  }

  private Future<Void> undo(
      SqlConnection connection, String itemId, Row row, String userId, Instant now) {
    ItemState before =
        new ItemState(row.getString(1), row.getLong(2), row.getString(3), row.getString(4));
    String question = row.getString(6);
    return connection
        .preparedQuery("UPDATE inbox_change SET undone = 1 WHERE seq = ?")
        .execute(Tuple.of(row.getLong(0)))
        .compose(
            _ ->
                apply(
                    connection,
                    itemId,
                    _ -> before,
                    new Change(By.PERSON, userId, UNDO, row.getString(5)),
                    now))
        .compose(
            _ ->
                question == null
                    ? Future.succeededFuture()
                    : apply(
                        connection,
                        question,
                        item -> item.in("done", Optional.empty()),
                        new Change(By.PERSON, userId, "done", ""),
                        now));
  }
}
