package dev.concert.automations.engine;

import dev.concert.foundation.jdbc.JdbcDatabases;
import dev.concert.foundation.lease.FencedDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The earliest time at which each tenant has work, and when Concert ran. A time here is never later
 * than the tenant's own, since it is lowered before and raised after the tenant's database changes:
 * a crash in between costs one look. Thread-safe and non-blocking.
 */
public final class ScheduleIndex {
  static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE tenant (
            id TEXT PRIMARY KEY,
            earliest_ms INTEGER NOT NULL
          ) WITHOUT ROWID;
          CREATE INDEX tenant_earliest ON tenant (earliest_ms);
          CREATE TABLE uptime (
            began_ms INTEGER PRIMARY KEY,
            seen_ms INTEGER NOT NULL
          );
          """,
          """
          CREATE TABLE watching (
            tenant TEXT PRIMARY KEY
          ) WITHOUT ROWID;
          """,
          FencedDatabase.SCHEMA);

  private final JdbcDatabases databases;
  private final FencedDatabase database;

  private ScheduleIndex(JdbcDatabases databases, long epoch) {
    this.databases = databases;
    this.database = new FencedDatabase(databases, "index", epoch);
  }

  /** A time during which Concert ran. */
  public record Uptime(Instant began, Instant seen) {}

  /**
   * @param epoch of the owner of the schedule: an earlier one changes nothing any more
   */
  public static Future<ScheduleIndex> open(Vertx vertx, Path file, long epoch) {
    ScheduleIndex index =
        new ScheduleIndex(new JdbcDatabases(vertx, _ -> file, MIGRATIONS, 1), epoch);
    // A file that cannot be opened is a fault of the start.
    return index.database.query("SELECT 1", Tuple.tuple()).map(index);
  }

  /** The tenant has work at this time; an earlier one that is known stays. */
  public Future<Void> lower(String tenantId, Instant earliest) {
    return database
        .update(
            """
            INSERT INTO tenant VALUES (?1, ?2)
            ON CONFLICT (id) DO UPDATE SET earliest_ms = min(earliest_ms, ?2)
            """,
            Tuple.of(tenantId, earliest.toEpochMilli()))
        .mapEmpty();
  }

  /** The tenant's own database says this. */
  public Future<Void> set(String tenantId, Optional<Instant> earliest) {
    return earliest.isEmpty()
        ? remove(tenantId)
        : database
            .update(
                """
                INSERT INTO tenant VALUES (?1, ?2)
                ON CONFLICT (id) DO UPDATE SET earliest_ms = ?2
                """,
                Tuple.of(tenantId, earliest.get().toEpochMilli()))
            .mapEmpty();
  }

  /** The tenant has no work. */
  public Future<Void> remove(String tenantId) {
    return database.update("DELETE FROM tenant WHERE id = ?", Tuple.of(tenantId)).mapEmpty();
  }

  /** The tenants that have work now, the earliest first. */
  public Future<List<String>> due(Instant now, int limit) {
    return database
        .query(
            "SELECT id FROM tenant WHERE earliest_ms <= ? ORDER BY earliest_ms, id LIMIT ?",
            Tuple.of(now.toEpochMilli(), limit))
        .map(
            rows -> {
              List<String> tenants = new ArrayList<>();
              rows.forEach(row -> tenants.add(row.getString(0)));
              return tenants;
            });
  }

  /** The tenant has, or had, automations that wait for files. */
  public Future<Void> watch(String tenantId) {
    return database
        .update("INSERT OR IGNORE INTO watching VALUES (?)", Tuple.of(tenantId))
        .mapEmpty();
  }

  /** The tenant is no more. */
  public Future<Void> unwatch(String tenantId) {
    return database.update("DELETE FROM watching WHERE tenant = ?", Tuple.of(tenantId)).mapEmpty();
  }

  /** The tenants that have, or had, automations that wait for files. */
  public Future<List<String>> watching() {
    return database
        .query("SELECT tenant FROM watching ORDER BY tenant", Tuple.tuple())
        .map(
            rows -> {
              List<String> tenants = new ArrayList<>();
              rows.forEach(row -> tenants.add(row.getString(0)));
              return tenants;
            });
  }

  /** When the first tenant has work. */
  public Future<Optional<Instant>> earliest() {
    return database
        .query("SELECT min(earliest_ms) FROM tenant", Tuple.tuple())
        .map(
            rows ->
                Optional.ofNullable(rows.iterator().next().getLong(0)).map(Instant::ofEpochMilli));
  }

  /** Concert began to run, and still does. */
  public Future<Void> seen(Instant began, Instant now) {
    return database
        .update(
            """
            INSERT INTO uptime VALUES (?1, ?2)
            ON CONFLICT (began_ms) DO UPDATE SET seen_ms = ?2
            """,
            Tuple.of(began.toEpochMilli(), now.toEpochMilli()))
        .mapEmpty();
  }

  /** The times during which Concert ran, around an instant: the last before and the first after. */
  public Future<List<Uptime>> around(Instant at) {
    return database
        .query(
            """
            SELECT * FROM (
              SELECT began_ms, seen_ms FROM uptime WHERE began_ms <= ?1
              ORDER BY began_ms DESC LIMIT 1)
            UNION ALL
            SELECT * FROM (
              SELECT began_ms, seen_ms FROM uptime WHERE began_ms > ?1 ORDER BY began_ms LIMIT 1)
            """,
            Tuple.of(at.toEpochMilli()))
        .map(
            rows -> {
              List<Uptime> times = new ArrayList<>();
              for (Row row : rows) {
                times.add(
                    new Uptime(
                        Instant.ofEpochMilli(row.getLong(0)),
                        Instant.ofEpochMilli(row.getLong(1))));
              }
              return times;
            });
  }

  public Future<Void> close() {
    return databases.close();
  }
}
