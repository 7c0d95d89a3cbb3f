package dev.concert.github.connection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.jdbc.JdbcDatabase;
import dev.concert.foundation.jdbc.JdbcDatabases;
import dev.concert.foundation.secret.SecretGroup;
import dev.concert.foundation.secret.SecretStore;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which connections there are: {@code connections.db}, and their secrets, encrypted, in the
 * namespace of their tenant. Thread-safe and non-blocking.
 */
public final class ForgeConnectionStore {
  private static final String NAME = "connections";
  private static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE apps (
            id TEXT PRIMARY KEY,
            tenant_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            name TEXT NOT NULL,
            app_id INTEGER NOT NULL UNIQUE,
            slug TEXT NOT NULL,
            owner TEXT NOT NULL,
            settings TEXT NOT NULL,
            created_ms INTEGER NOT NULL
          ) WITHOUT ROWID;
          CREATE INDEX apps_by_tenant ON apps (tenant_id);
          """,
          """
          CREATE TABLE connection (
            id TEXT PRIMARY KEY,
            tenant_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            platform TEXT NOT NULL,
            name TEXT NOT NULL,
            account_id INTEGER NOT NULL,
            account TEXT NOT NULL,
            owner TEXT NOT NULL,
            settings TEXT NOT NULL,
            created_ms INTEGER NOT NULL,
            UNIQUE (platform, account_id)
          ) WITHOUT ROWID;
          CREATE INDEX connection_of_tenant ON connection (tenant_id);
          INSERT INTO connection
            SELECT id, tenant_id, user_id, 'github', name, app_id, slug, owner, settings, created_ms
            FROM apps;
          DROP TABLE apps;
          """);
  private static final String SELECT =
      "SELECT id, tenant_id, user_id, platform, name, account_id, account, owner, settings,"
          + " created_ms FROM connection ";

  private final Vertx vertx;
  private final JdbcDatabases databases;
  private final SecretStore secrets;
  private final Map<String, ForgeConnection> known = new ConcurrentHashMap<>();

  /**
   * @param folder of the database
   */
  public ForgeConnectionStore(Vertx vertx, Path folder, SecretStore secrets) {
    this.vertx = vertx;
    this.databases = new JdbcDatabases(vertx, name -> folder.resolve(name + ".db"), MIGRATIONS, 1);
    this.secrets = secrets;
  }

  /**
   * Adds a connection: its secrets first, because it is useless without them.
   *
   * @return fails with {@code BRIDGE_EXISTS} where another one has its account
   */
  public Future<Void> add(ForgeConnection connection) {
    return blocking(() -> group(connection.tenantId(), connection.id()).put(connection.secrets()))
        .compose(_ -> databases.with(NAME, database -> insert(database, connection)))
        .recover(
            failure ->
                removeSecrets(connection.tenantId(), connection.id())
                    .transform(_ -> Future.failedFuture(failure)))
        .onSuccess(_ -> known.put(connection.id(), connection));
  }

  private SecretGroup group(String tenantId, String id) {
    return new SecretGroup(secrets, tenantId, "github", id);
  }

  private static Future<Void> insert(JdbcDatabase database, ForgeConnection connection) {
    return database
        .update(
            """
            INSERT INTO connection (id, tenant_id, user_id, platform, name, account_id, account,
              owner, settings, created_ms)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (platform, account_id) DO NOTHING
            """,
            Tuple.of(
                connection.id(),
                connection.tenantId(),
                connection.userId(),
                connection.platform(),
                connection.name(),
                connection.accountId(),
                connection.account(),
                connection.owner(),
                Json.MAPPER.valueToTree(connection.settings()).toString(),
                connection.createdAt()))
        .compose(
            rows ->
                rows.rowCount() == 1
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new ConcertException(
                            ErrorCode.BRIDGE_EXISTS,
                            connection.isApp()
                                ? "This GitHub App is connected already."
                                : "The user of this token is connected already. Give each"
                                    + " connection a user of its own.")));
  }

  /** A connection with its secrets; empty if none has this id. */
  public Future<Optional<ForgeConnection>> find(String id) {
    ForgeConnection there = known.get(id);
    return there != null
        ? Future.succeededFuture(Optional.of(there))
        : rows("WHERE id = ?", Tuple.of(id)).map(found -> found.stream().findFirst());
  }

  /** The Apps of GitHub of a tenant. */
  public Future<List<ForgeConnection>> appsOf(String tenantId) {
    return ofTenant(tenantId).map(all -> all.stream().filter(ForgeConnection::isApp).toList());
  }

  /** Those of a tenant. */
  public Future<List<ForgeConnection>> ofTenant(String tenantId) {
    return rows("WHERE tenant_id = ? ORDER BY created_ms", Tuple.of(tenantId));
  }

  /** All of them. */
  public Future<List<ForgeConnection>> all() {
    return rows("ORDER BY created_ms", Tuple.tuple());
  }

  private Future<List<ForgeConnection>> rows(String where, Tuple parameters) {
    return databases
        .with(NAME, database -> database.query(SELECT + where, parameters))
        .compose(
            rows ->
                vertx.executeBlocking(
                    () -> {
                      List<ForgeConnection> found = new ArrayList<>();
                      rows.forEach(row -> found.add(read(row)));
                      found.forEach(one -> known.put(one.id(), one));
                      return found;
                    }));
  }

  private ForgeConnection read(Row row) {
    String id = row.getString("id");
    String tenantId = row.getString("tenant_id");
    return new ForgeConnection(
        id,
        tenantId,
        row.getString("user_id"),
        row.getString("platform"),
        row.getString("name"),
        row.getLong("account_id"),
        row.getString("account"),
        row.getString("owner"),
        settings(row.getString("settings")),
        group(tenantId, id).find(ForgeConnection.SECRETS),
        row.getLong("created_ms"));
  }

  private static Map<String, String> settings(String json) {
    try {
      return Json.MAPPER.readValue(json, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The settings of a connection are not JSON", e);
    }
  }

  /** Removes a connection of a tenant. Webhooks for it are refused from then on. */
  public Future<Void> remove(String tenantId, String id) {
    known.remove(id);
    return databases
        .with(
            NAME,
            database ->
                database.update(
                    "DELETE FROM connection WHERE id = ? AND tenant_id = ?",
                    Tuple.of(id, tenantId)))
        .compose(_ -> removeSecrets(tenantId, id));
  }

  private Future<Void> removeSecrets(String tenantId, String id) {
    return blocking(() -> group(tenantId, id).remove(ForgeConnection.SECRETS));
  }

  private Future<Void> blocking(Runnable work) {
    return vertx.executeBlocking(
        () -> {
          work.run();
          return null;
        });
  }

  /** Closes the database and the secrets. */
  public Future<Void> close() {
    return databases.close().eventually(() -> blocking(secrets::close)).mapEmpty();
  }
}
