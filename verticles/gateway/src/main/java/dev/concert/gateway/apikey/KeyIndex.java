package dev.concert.gateway.apikey;

import dev.concert.foundation.jdbc.JdbcDatabase;
import dev.concert.foundation.jdbc.JdbcDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which tenant a key belongs to: {@code keys-index.db}. The registries have the keys themselves; an
 * entry here without its key admits nobody, so it is written before the key and removed after it.
 */
final class KeyIndex {
  private static final String NAME = "keys-index";
  private static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE key_tenants (
            key_id TEXT PRIMARY KEY,
            tenant_id TEXT NOT NULL
          ) WITHOUT ROWID;
          CREATE INDEX key_tenants_by_tenant ON key_tenants (tenant_id);
          """,
          "ALTER TABLE key_tenants ADD COLUMN hash TEXT");

  private final JdbcDatabases databases;

  KeyIndex(Vertx vertx, Path data) {
    databases = new JdbcDatabases(vertx, name -> data.resolve(name + ".db"), MIGRATIONS, 1);
  }

  private <T> Future<T> use(Function<JdbcDatabase, Future<T>> work) {
    return databases.with(NAME, work);
  }

  Future<Void> put(String keyId, String tenantId, String hash) {
    return update(
        "INSERT INTO key_tenants (key_id, tenant_id, hash) VALUES (?, ?, ?)",
        Tuple.of(keyId, tenantId, hash));
  }

  /**
   * The tenant of a key; empty where there is no such key, and also where it has another hash: who
   * guesses a secret causes the same work whether there is such a key or not. Of a key of an older
   * version the hash is not known here.
   */
  Future<Optional<String>> tenantOf(String keyId, String hash) {
    return use(
        database ->
            database
                .query("SELECT tenant_id, hash FROM key_tenants WHERE key_id = ?", Tuple.of(keyId))
                .map(
                    rows -> {
                      for (Row row : rows) {
                        return Optional.of(row)
                            .filter(found -> mayHave(found.getString("hash"), hash))
                            .map(found -> found.getString("tenant_id"));
                      }
                      return Optional.empty();
                    }));
  }

  private static boolean mayHave(String known, String shown) {
    return known == null
        || MessageDigest.isEqual(
            known.getBytes(StandardCharsets.US_ASCII), shown.getBytes(StandardCharsets.US_ASCII));
  }

  Future<Void> remove(String keyId) {
    return update("DELETE FROM key_tenants WHERE key_id = ?", Tuple.of(keyId));
  }

  Future<Void> removeTenant(String tenantId) {
    return update("DELETE FROM key_tenants WHERE tenant_id = ?", Tuple.of(tenantId));
  }

  private Future<Void> update(String sql, Tuple parameters) {
    return use(database -> database.update(sql, parameters).mapEmpty());
  }

  Future<Void> close() {
    return databases.close();
  }
}
