package dev.concert.bridges.connection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatConnection;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Which connections there are: {@code connections.db}, and their secrets, encrypted, in the
 * namespace of their tenant. Thread-safe and non-blocking.
 */
public final class ConnectionStore {
  private static final String NAME = "connections";
  private static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE connections (
            id TEXT PRIMARY KEY,
            tenant_id TEXT NOT NULL,
            platform TEXT NOT NULL,
            name TEXT NOT NULL,
            account_id TEXT NOT NULL,
            account_name TEXT NOT NULL,
            bot_user_id TEXT NOT NULL,
            settings TEXT NOT NULL,
            created_ms INTEGER NOT NULL,
            UNIQUE (platform, account_id)
          ) WITHOUT ROWID;
          CREATE INDEX connections_by_tenant ON connections (tenant_id);
          """);
  private static final String SELECT =
      "SELECT id, tenant_id, platform, name, account_id, account_name, bot_user_id, settings,"
          + " created_ms FROM connections ";

  private final Vertx vertx;
  private final JdbcDatabases databases;
  private final SecretStore secrets;
  private final Function<String, Set<String>> secretNames;
  private final Map<String, ChatConnection> known = new ConcurrentHashMap<>();

  /**
   * @param folder of the database
   * @param secretNames those that a connection of a platform has
   */
  public ConnectionStore(
      Vertx vertx, Path folder, SecretStore secrets, Function<String, Set<String>> secretNames) {
    this.vertx = vertx;
    this.databases = new JdbcDatabases(vertx, name -> folder.resolve(name + ".db"), MIGRATIONS, 1);
    this.secrets = secrets;
    this.secretNames = secretNames;
  }

  /**
   * Adds a connection: its secrets first, because it is useless without them. Where one of this id
   * is there, the secrets are the same.
   *
   * @return fails with {@code BRIDGE_EXISTS} where the account is connected already
   */
  public Future<Void> add(ChatConnection connection) {
    return blocking(() -> group(connection.tenantId(), connection.id()).put(connection.secrets()))
        .compose(_ -> use(database -> insert(database, connection)))
        .recover(failure -> discarded(connection).compose(_ -> Future.failedFuture(failure)))
        .onSuccess(_ -> known.put(connection.id(), connection));
  }

  private Future<Void> discarded(ChatConnection connection) {
    return find(connection.id())
        .map(there -> there.filter(one -> one.tenantId().equals(connection.tenantId())))
        .compose(
            there ->
                there.isPresent()
                    ? Future.succeededFuture()
                    : removeSecrets(connection.tenantId(), connection.platform(), connection.id()));
  }

  private SecretGroup group(String tenantId, String id) {
    return new SecretGroup(secrets, tenantId, "bridge", id);
  }

  private static Future<Void> insert(JdbcDatabase database, ChatConnection connection) {
    return database
        .update(
            """
            INSERT INTO connections (id, tenant_id, platform, name, account_id, account_name,
              bot_user_id, settings, created_ms)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            Tuple.of(
                connection.id(),
                connection.tenantId(),
                connection.platform(),
                connection.name(),
                connection.account().id(),
                connection.account().name(),
                connection.account().botUserId(),
                Json.MAPPER.valueToTree(connection.settings()).toString(),
                connection.createdAt()))
        .compose(
            rows ->
                rows.rowCount() == 1
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new ConcertException(
                            ErrorCode.BRIDGE_EXISTS,
                            "This %s account is connected already."
                                .formatted(connection.platform()))));
  }

  /** A connection with its secrets; empty if none has this id. */
  public Future<Optional<ChatConnection>> find(String id) {
    ChatConnection there = known.get(id);
    return there != null
        ? Future.succeededFuture(Optional.of(there))
        : rows("WHERE id = ?", Tuple.of(id)).map(found -> found.stream().findFirst());
  }

  /** Those of a tenant. */
  public Future<List<ChatConnection>> ofTenant(String tenantId) {
    return rows("WHERE tenant_id = ? ORDER BY created_ms", Tuple.of(tenantId));
  }

  /** All of them. What another node has removed is forgotten. */
  public Future<List<ChatConnection>> all() {
    known.clear();
    return rows("ORDER BY created_ms", Tuple.tuple());
  }

  private Future<List<ChatConnection>> rows(String where, Tuple parameters) {
    return use(database -> database.query(SELECT + where, parameters))
        .compose(
            rows ->
                vertx.executeBlocking(
                    () -> {
                      List<ChatConnection> found = new ArrayList<>();
                      rows.forEach(row -> found.add(connection(row)));
                      found.forEach(one -> known.put(one.id(), one));
                      return found;
                    }));
  }

  private ChatConnection connection(Row row) {
    String id = row.getString("id");
    String tenantId = row.getString("tenant_id");
    String platform = row.getString("platform");
    return new ChatConnection(
        id,
        tenantId,
        platform,
        row.getString("name"),
        new Account(
            row.getString("account_id"),
            row.getString("account_name"),
            row.getString("bot_user_id")),
        settings(row.getString("settings")),
        group(tenantId, id).find(secretNames.apply(platform)),
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
  public Future<Boolean> remove(String tenantId, ChatConnection connection) {
    known.remove(connection.id());
    return use(database ->
            database.update(
                "DELETE FROM connections WHERE id = ? AND tenant_id = ?",
                Tuple.of(connection.id(), tenantId)))
        .compose(
            rows ->
                removeSecrets(tenantId, connection.platform(), connection.id())
                    .map(rows.rowCount() == 1));
  }

  private Future<Void> removeSecrets(String tenantId, String platform, String id) {
    return blocking(() -> group(tenantId, id).remove(secretNames.apply(platform)));
  }

  private Future<Void> blocking(Runnable work) {
    return vertx.executeBlocking(
        () -> {
          work.run();
          return null;
        });
  }

  private <T> Future<T> use(Function<JdbcDatabase, Future<T>> work) {
    return databases.with(NAME, work);
  }

  public Future<Void> close() {
    return databases.close().eventually(() -> blocking(secrets::close));
  }
}
