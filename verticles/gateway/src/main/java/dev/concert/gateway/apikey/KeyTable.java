package dev.concert.gateway.apikey;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.concert.foundation.jdbc.JdbcDatabase;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.registry.Cursor;
import dev.concert.json.Json;
import dev.concert.protocol.Permission;
import dev.concert.protocol.Role;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The table {@code api_keys} of one tenant's registry. */
record KeyTable(JdbcDatabase database) {
  private static final String INSERT =
      "INSERT INTO api_keys (id, name, secret_hash, created_by, role, permissions, sessions,"
          + " created_at, expires_at) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?"
          + " WHERE (SELECT COUNT(*) FROM api_keys WHERE created_by = ?) < ?";
  private static final TypeReference<List<Permission>> PERMISSIONS = new TypeReference<>() {};
  private static final TypeReference<List<String>> IDS = new TypeReference<>() {};

  /**
   * Adds the key, and an entry about it to the audit log, unless its owner has too many.
   *
   * @param limit of keys that one user may have
   * @return whether it was added
   */
  Future<Boolean> insert(StoredKey key, int limit) {
    Map<String, String> details = Map.of("name", key.name(), "role", key.role().wireName());
    return database.transaction(
        transaction ->
            transaction
                .preparedQuery(INSERT)
                .execute(row(key, limit))
                .compose(
                    done ->
                        recorded(
                            transaction, done, key.createdBy(), "key.created", key.id(), details)));
  }

  private static Future<Boolean> recorded(
      SqlConnection transaction,
      RowSet<Row> done,
      String actor,
      String action,
      String keyId,
      Map<String, String> details) {
    return done.rowCount() == 0
        ? Future.succeededFuture(false)
        : AuditLog.record(transaction, actor, action, keyId, details).map(true);
  }

  private static Tuple row(StoredKey key, int limit) {
    return Tuple.tuple()
        .addString(key.id())
        .addString(key.name())
        .addString(key.hash())
        .addString(key.createdBy())
        .addString(key.role().wireName())
        .addString(key.permissions().map(KeyTable::json).orElse(null))
        .addString(key.sessions().map(KeyTable::json).orElse(null))
        .addLong(key.createdAt())
        .addLong(key.expiresAt().orElse(null))
        .addString(key.createdBy())
        .addInteger(limit);
  }

  Future<Optional<StoredKey>> find(String keyId) {
    return database
        .query("SELECT * FROM api_keys WHERE id = ?", Tuple.of(keyId))
        .map(rows -> keys(rows).stream().findFirst());
  }

  /**
   * Newest first.
   *
   * @param owner empty for the keys of all users
   * @param after the last key of the page before
   */
  Future<List<StoredKey>> list(Optional<String> owner, Optional<Cursor> after, int limit) {
    return database
        .query(
            "SELECT * FROM api_keys WHERE (? IS NULL OR created_by = ?) AND (created_at, id) < (?,"
                + " ?) ORDER BY created_at DESC, id DESC LIMIT ?",
            Tuple.of(
                owner.orElse(null),
                owner.orElse(null),
                after.map(Cursor::createdAt).orElse(Long.MAX_VALUE),
                after.map(Cursor::id).orElse(""),
                limit))
        .map(KeyTable::keys);
  }

  /**
   * Removes the key, and adds an entry about it to the audit log.
   *
   * @param actor id of who revokes it
   * @return whether there was such a key
   */
  Future<Boolean> remove(String keyId, String actor) {
    return database.transaction(
        transaction ->
            transaction
                .preparedQuery("DELETE FROM api_keys WHERE id = ?")
                .execute(Tuple.of(keyId))
                .compose(
                    done -> recorded(transaction, done, actor, "key.revoked", keyId, Map.of())));
  }

  /** Ids of a user's keys, all of which are gone then. */
  Future<List<String>> removeOf(String owner) {
    return database
        .update("DELETE FROM api_keys WHERE created_by = ? RETURNING id", Tuple.of(owner))
        .map(
            rows -> {
              List<String> ids = new ArrayList<>();
              rows.forEach(row -> ids.add(row.getString("id")));
              return ids;
            });
  }

  Future<Void> used(String keyId, long at) {
    return database
        .update("UPDATE api_keys SET last_used_at = ? WHERE id = ?", Tuple.of(at, keyId))
        .mapEmpty();
  }

  private static List<StoredKey> keys(RowSet<Row> rows) {
    List<StoredKey> keys = new ArrayList<>();
    rows.forEach(row -> keys.add(key(row)));
    return keys;
  }

  private static StoredKey key(Row row) {
    return new StoredKey(
        row.getString("id"),
        row.getString("name"),
        row.getString("secret_hash"),
        row.getString("created_by"),
        Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
        Optional.ofNullable(row.getString("permissions")).map(text -> list(text, PERMISSIONS)),
        Optional.ofNullable(row.getString("sessions")).map(text -> list(text, IDS)),
        row.getLong("created_at"),
        Optional.ofNullable(row.getLong("expires_at")),
        Optional.ofNullable(row.getLong("last_used_at")));
  }

  private static String json(List<?> list) {
    return Json.MAPPER.valueToTree(list).toString();
  }

  private static <T> List<T> list(String json, TypeReference<List<T>> type) {
    try {
      return Json.MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A stored key has a list that is not JSON", e);
    }
  }
}
