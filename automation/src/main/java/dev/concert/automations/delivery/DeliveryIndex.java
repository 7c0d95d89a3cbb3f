package dev.concert.automations.delivery;

import dev.concert.foundation.jdbc.JdbcDatabases;
import dev.concert.foundation.lease.FencedDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The tenants that have, or had, something to send: the next process opens their databases, and no
 * others. Thread-safe and non-blocking.
 */
final class DeliveryIndex {
  private static final List<String> MIGRATIONS =
      List.of("CREATE TABLE tenant (id TEXT PRIMARY KEY) WITHOUT ROWID;", FencedDatabase.SCHEMA);

  private final JdbcDatabases databases;
  private final FencedDatabase database;

  private DeliveryIndex(JdbcDatabases databases, long epoch) {
    this.databases = databases;
    this.database = new FencedDatabase(databases, "deliveries", epoch);
  }

  static Future<DeliveryIndex> open(Vertx vertx, Path file, long epoch) {
    DeliveryIndex index =
        new DeliveryIndex(new JdbcDatabases(vertx, _ -> file, MIGRATIONS, 1), epoch);
    return index.all().map(index);
  }

  Future<Void> add(String tenantId) {
    return database
        .update("INSERT OR IGNORE INTO tenant VALUES (?)", Tuple.of(tenantId))
        .mapEmpty();
  }

  Future<Void> remove(String tenantId) {
    return database.update("DELETE FROM tenant WHERE id = ?", Tuple.of(tenantId)).mapEmpty();
  }

  Future<List<String>> all() {
    return database
        .query("SELECT id FROM tenant ORDER BY id", Tuple.tuple())
        .map(
            rows -> {
              List<String> tenants = new ArrayList<>();
              rows.forEach(row -> tenants.add(row.getString(0)));
              return tenants;
            });
  }

  Future<Void> close() {
    return databases.close();
  }
}
