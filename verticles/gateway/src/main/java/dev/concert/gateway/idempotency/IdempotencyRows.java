package dev.concert.gateway.idempotency;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.jdbc.JdbcDatabase;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The rows of the idempotency keys of one tenant. */
record IdempotencyRows(JdbcDatabase database) {

  /**
   * Takes the key for this request.
   *
   * @return the reply where the request was answered before; empty where it has to run now
   */
  Future<Optional<StoredReply>> claim(KeyedRequest request, long now) {
    return database.transaction(
        connection ->
            run(
                    connection,
                    "DELETE FROM idempotency_keys WHERE created_at <= ?",
                    now - IdempotencyKeys.KEPT.toMillis())
                .compose(
                    _ ->
                        run(
                            connection,
                            "SELECT * FROM idempotency_keys WHERE user_id = ? AND key = ?",
                            request.userId(),
                            request.key()))
                .compose(
                    rows -> {
                      Iterator<Row> found = rows.iterator();
                      return found.hasNext()
                          ? Future.succeededFuture(repeated(request, found.next()))
                          : insert(connection, request, now);
                    }));
  }

  private static Optional<StoredReply> repeated(KeyedRequest request, Row row) {
    if (!row.getString("request_hash").equals(request.hash())) {
      throw IdempotencyKeys.reused();
    }
    Integer status = row.getInteger("status");
    if (status == null && request.repeatable()) {
      return Optional.empty();
    }
    if (status == null || row.getString("body") == null) {
      throw new ConcertException(
          ErrorCode.IDEMPOTENCY_REPLY_GONE,
          status == null
              ? "The request with this Idempotency-Key was interrupted."
              : "The request with this Idempotency-Key was done; its reply is not kept.");
    }
    Map<String, String> headers = new TreeMap<>();
    new JsonObject(row.getString("headers"))
        .forEach(header -> headers.put(header.getKey(), header.getValue().toString()));
    return Optional.of(
        new StoredReply(status, headers, Buffer.buffer(row.getString("body")), false, true));
  }

  private static Future<Optional<StoredReply>> insert(
      SqlConnection connection, KeyedRequest request, long now) {
    return run(
            connection,
            "SELECT count(*) AS kept, min(created_at) AS oldest FROM idempotency_keys"
                + " WHERE user_id = ?",
            request.userId())
        .compose(
            rows -> {
              Row kept = rows.iterator().next();
              if (kept.getLong("kept") >= IdempotencyKeys.MAX_KEYS) {
                long until = kept.getLong("oldest") + IdempotencyKeys.KEPT.toMillis();
                throw ConcertException.retryAfter(
                    ErrorCode.RATE_LIMITED,
                    "You have %d idempotency keys.".formatted(IdempotencyKeys.MAX_KEYS),
                    Math.max(1, until - now),
                    null);
              }
              return run(
                  connection,
                  "INSERT INTO idempotency_keys (user_id, key, request_hash, created_at)"
                      + " VALUES (?, ?, ?, ?)",
                  request.userId(),
                  request.key(),
                  request.hash(),
                  now);
            })
        .map(Optional.empty());
  }

  private static Future<RowSet<Row>> run(
      SqlConnection connection, String sql, Object... parameters) {
    return connection.preparedQuery(sql).execute(Tuple.from(parameters));
  }

  Future<Void> complete(KeyedRequest request, StoredReply reply) {
    JsonObject headers = new JsonObject();
    reply.headers().forEach(headers::put);
    return database
        .update(
            "UPDATE idempotency_keys SET status = ?, headers = ?, body = ?"
                + " WHERE user_id = ? AND key = ?",
            Tuple.of(
                reply.status(),
                headers.encode(),
                isKept(reply) ? reply.body().toString() : null,
                request.userId(),
                request.key()))
        .mapEmpty();
  }

  private static boolean isKept(StoredReply reply) {
    return !reply.secret() && reply.body().length() <= IdempotencyKeys.MAX_REPLY;
  }

  Future<Void> remove(KeyedRequest request) {
    return database
        .update(
            "DELETE FROM idempotency_keys WHERE user_id = ? AND key = ?",
            Tuple.of(request.userId(), request.key()))
        .mapEmpty();
  }
}
