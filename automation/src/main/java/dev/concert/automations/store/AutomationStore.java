package dev.concert.automations.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.automation.AutomationPolicy;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automations.store.SlotStore.Firing;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The automations of a tenant. Thread-safe and non-blocking. */
public final class AutomationStore {
  /** To be run once on the database. */
  public static final String SCHEMA =
      """
      CREATE TABLE automation (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('enabled', 'paused', 'disabled')),
        reason TEXT NOT NULL,
        generation INTEGER NOT NULL,
        trigger_json TEXT NOT NULL,
        task_json TEXT NOT NULL,
        policy_json TEXT NOT NULL,
        next_ms INTEGER,
        fire_ms INTEGER,
        owner TEXT NOT NULL,
        anchor_ms INTEGER NOT NULL,
        created_ms INTEGER NOT NULL,
        updated_ms INTEGER NOT NULL,
        failures INTEGER NOT NULL
      );
      CREATE INDEX automation_fire ON automation (fire_ms) WHERE fire_ms IS NOT NULL;
      CREATE TABLE state_change (
        automation TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        state TEXT NOT NULL,
        actor TEXT NOT NULL,
        reason TEXT NOT NULL
      );
      CREATE INDEX state_change_at ON state_change (automation, at_ms);
      """;

  private static final String COLUMNS =
      "id, name, state, reason, generation, trigger_json, task_json, policy_json, next_ms, owner,"
          + " anchor_ms, created_ms, updated_ms, failures";

  private final FencedDatabase database;

  /**
   * @param database with {@link #SCHEMA}
   */
  public AutomationStore(FencedDatabase database) {
    this.database = database;
  }

  /** Where an automation stands in the list. */
  public record Position(long createdMs, String id) {
    private static final Position BEGINNING = new Position(Long.MIN_VALUE, "");
  }

  /**
   * A change of state.
   *
   * @param actor the user, or {@code concert}
   */
  public record StateChange(Instant at, String state, String actor, String reason) {}

  public Future<Void> insert(AutomationRow row) {
    return database.change(connection -> insert(connection, row));
  }

  /** The same, in the caller's transaction. */
  Future<Void> insert(SqlConnection connection, AutomationRow row) {
    return connection
        .preparedQuery(
            """
            INSERT INTO automation (name, state, reason, generation, trigger_json, task_json,
              policy_json, next_ms, fire_ms, owner, anchor_ms, created_ms, updated_ms, failures, id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .execute(values(row))
        .compose(_ -> note(connection, row, row.createdAt(), row.owner(), "It was created."));
  }

  /** Stores what changed by a person. */
  public Future<Void> change(AutomationRow row, String actor, String note) {
    return database.change(
        connection ->
            update(connection, row)
                .compose(_ -> note(connection, row, row.updatedAt(), actor, note)));
  }

  /** Stores all columns, in the caller's transaction. */
  Future<Void> update(SqlConnection connection, AutomationRow row) {
    return connection
        .preparedQuery(
            """
            UPDATE automation SET name = ?, state = ?, reason = ?, generation = ?,
              trigger_json = ?, task_json = ?, policy_json = ?, next_ms = ?, fire_ms = ?,
              owner = ?, anchor_ms = ?, created_ms = ?, updated_ms = ?, failures = ?
            WHERE id = ?
            """)
        .execute(values(row))
        .mapEmpty();
  }

  /**
   * Sets when automations are due next, in the caller's transaction and as one statement.
   *
   * @param firings each of another automation; at least one
   * @return those that are as they were seen; the others stay
   */
  Future<List<Firing>> advance(SqlConnection connection, List<Firing> firings) {
    return connection
        .preparedQuery(
            """
            UPDATE automation SET next_ms = value ->> 'next', fire_ms = value ->> 'fire'
            FROM json_each(?)
            WHERE automation.id = value ->> 'id' AND automation.state = 'enabled'
              AND generation = value ->> 'generation' AND next_ms = value ->> 'seen'
            RETURNING automation.id
            """)
        .execute(Tuple.of(json(firings)))
        .map(
            rows -> {
              Set<String> same = new HashSet<>();
              rows.forEach(row -> same.add(row.getString(0)));
              return firings.stream().filter(one -> same.contains(one.seen().id())).toList();
            });
  }

  private static String json(List<Firing> firings) {
    ArrayNode all = Json.MAPPER.createArrayNode();
    for (Firing firing : firings) {
      AutomationRow seen = firing.seen();
      ObjectNode one = all.addObject().put("id", seen.id()).put("generation", seen.generation());
      seen.nextAt().ifPresent(at -> one.put("seen", at.toEpochMilli()));
      firing.next().ifPresent(at -> one.put("next", at.toEpochMilli()));
      firing.next().ifPresent(at -> one.put("fire", at.plus(seen.jitter()).toEpochMilli()));
    }
    return all.toString();
  }

  Future<Void> note(
      SqlConnection connection, AutomationRow row, Instant at, String actor, String note) {
    return connection
        .preparedQuery("INSERT INTO state_change VALUES (?, ?, ?, ?, ?)")
        .execute(Tuple.of(row.id(), at.toEpochMilli(), row.state(), actor, note))
        .mapEmpty();
  }

  private static Tuple values(AutomationRow row) {
    Long next = row.nextAt().map(Instant::toEpochMilli).orElse(null);
    Long fire =
        row.isEnabled()
            ? row.nextAt().map(at -> at.plus(row.jitter()).toEpochMilli()).orElse(null)
            : null;
    return Tuple.tuple()
        .addString(row.name())
        .addString(row.state())
        .addString(row.reason())
        .addLong(row.generation())
        .addString(json(row.trigger()))
        .addString(json(row.task()))
        .addString(json(row.policy()))
        .addLong(next)
        .addLong(fire)
        .addString(row.owner())
        .addLong(row.anchor().toEpochMilli())
        .addLong(row.createdAt().toEpochMilli())
        .addLong(row.updatedAt().toEpochMilli())
        .addInteger(row.failures())
        .addString(row.id());
  }

  public Future<Optional<AutomationRow>> find(String id) {
    return rows("WHERE id = ?", Tuple.of(id)).map(rows -> rows.stream().findFirst());
  }

  Future<Optional<AutomationRow>> find(SqlConnection connection, String id) {
    return connection
        .preparedQuery("SELECT " + COLUMNS + " FROM automation WHERE id = ?")
        .execute(Tuple.of(id))
        .map(rows -> rows(rows).stream().findFirst());
  }

  /**
   * A page, the oldest first.
   *
   * @param owner empty for those of everybody
   * @param after what the page begins after; empty for the first page
   */
  public Future<List<AutomationRow>> page(
      Optional<String> owner, Optional<Position> after, int limit) {
    Position from = after.orElse(Position.BEGINNING);
    return rows(
        """
        WHERE (?1 = '' OR owner = ?1) AND (created_ms, id) > (?2, ?3)
        ORDER BY created_ms, id LIMIT ?4
        """,
        Tuple.of(owner.orElse(""), from.createdMs(), from.id(), limit));
  }

  /** The enabled ones that begin by such a trigger, the oldest first. */
  public Future<List<AutomationRow>> enabled(AutomationTrigger.Kind kind) {
    return rows(
        """
        WHERE json_extract(trigger_json, '$.kind') = ? AND state = 'enabled'
        ORDER BY created_ms, id
        """,
        Tuple.of(kind.wireName()));
  }

  /** Those whose time has come, the earliest first. */
  public Future<List<AutomationRow>> due(Instant now, int limit) {
    return rows(
        "WHERE fire_ms <= ? ORDER BY fire_ms, id LIMIT ?", Tuple.of(now.toEpochMilli(), limit));
  }

  /** When the earliest has its time. */
  public Future<Optional<Instant>> earliest() {
    return database
        .query("SELECT min(fire_ms) FROM automation", Tuple.tuple())
        .map(
            rows ->
                Optional.ofNullable(rows.iterator().next().getLong(0)).map(Instant::ofEpochMilli));
  }

  public Future<Integer> count() {
    return database
        .query("SELECT count(*) FROM automation", Tuple.tuple())
        .map(rows -> rows.iterator().next().getInteger(0));
  }

  /** The last change of state at or before an instant, and the first one after it. */
  public Future<List<StateChange>> changes(String id) {
    return database
        .query(
            """
            SELECT at_ms, state, actor, reason FROM state_change
            WHERE automation = ? ORDER BY at_ms, rowid
            """,
            Tuple.of(id))
        .map(
            rows -> {
              List<StateChange> changes = new ArrayList<>();
              rows.forEach(
                  row ->
                      changes.add(
                          new StateChange(
                              Instant.ofEpochMilli(row.getLong(0)),
                              row.getString(1),
                              row.getString(2),
                              row.getString(3))));
              return changes;
            });
  }

  private Future<List<AutomationRow>> rows(String where, Tuple parameters) {
    return database
        .query("SELECT " + COLUMNS + " FROM automation " + where, parameters)
        .map(AutomationStore::rows);
  }

  private static List<AutomationRow> rows(RowSet<Row> found) {
    List<AutomationRow> rows = new ArrayList<>();
    for (Row row : found) {
      rows.add(
          new AutomationRow(
              row.getString(0),
              row.getString(1),
              row.getString(2),
              row.getString(3),
              row.getLong(4),
              read(row.getString(5), AutomationTrigger.class),
              read(row.getString(6), AutomationTask.class),
              read(row.getString(7), AutomationPolicy.class).complete(),
              Optional.ofNullable(row.getLong(8)).map(Instant::ofEpochMilli),
              row.getString(9),
              Instant.ofEpochMilli(row.getLong(10)),
              Instant.ofEpochMilli(row.getLong(11)),
              Instant.ofEpochMilli(row.getLong(12)),
              row.getInteger(13)));
    }
    return rows;
  }

  private static String json(Object part) {
    try {
      return Json.MAPPER.writeValueAsString(part);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An automation cannot be written as JSON", e);
    }
  }

  private static <T> T read(String json, Class<T> type) {
    try {
      return Json.MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An automation in the database is not JSON", e);
    }
  }
}
