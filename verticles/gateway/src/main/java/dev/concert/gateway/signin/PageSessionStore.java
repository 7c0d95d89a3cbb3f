package dev.concert.gateway.signin;

import dev.concert.foundation.jdbc.JdbcDatabase;
import dev.concert.foundation.jdbc.JdbcDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The page sessions that are open: {@code page-sessions.db}. Times are Unix milliseconds. */
final class PageSessionStore {
  /** The oldest of a user's sessions ends when they sign in once more. */
  static final int MAX_PER_USER = 20;

  private static final String NAME = "page-sessions";
  private static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE page_sessions (
            id TEXT PRIMARY KEY,
            tenant_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            tokens TEXT NOT NULL,
            expires_at INTEGER NOT NULL
          ) WITHOUT ROWID;
          CREATE INDEX page_sessions_by_user ON page_sessions (tenant_id, user_id, expires_at);
          CREATE INDEX page_sessions_by_end ON page_sessions (expires_at);
          """);

  private final JdbcDatabases databases;

  PageSessionStore(Vertx vertx, Path data) {
    databases = new JdbcDatabases(vertx, name -> data.resolve(name + ".db"), MIGRATIONS, 1);
  }

  /**
   * @param tokens encrypted
   */
  record Stored(String id, String tenantId, String userId, String tokens, long expiresAt) {}

  private <T> Future<T> use(Function<JdbcDatabase, Future<T>> work) {
    return databases.with(NAME, work);
  }

  /** Adds a session, and removes those that are over or too many. */
  Future<Void> insert(Stored session, long now) {
    return use(
        database ->
            database.transaction(
                transaction ->
                    run(transaction, "DELETE FROM page_sessions WHERE expires_at <= ?", now)
                        .compose(
                            _ ->
                                run(
                                    transaction,
                                    "DELETE FROM page_sessions WHERE id IN (SELECT id FROM"
                                        + " page_sessions WHERE tenant_id = ? AND user_id = ?"
                                        + " ORDER BY expires_at DESC LIMIT -1 OFFSET ?)",
                                    session.tenantId(),
                                    session.userId(),
                                    MAX_PER_USER - 1))
                        .compose(
                            _ ->
                                run(
                                    transaction,
                                    "INSERT INTO page_sessions VALUES (?, ?, ?, ?, ?)",
                                    session.id(),
                                    session.tenantId(),
                                    session.userId(),
                                    session.tokens(),
                                    session.expiresAt()))));
  }

  private static Future<Void> run(SqlConnection transaction, String sql, Object... parameters) {
    return transaction.preparedQuery(sql).execute(Tuple.wrap(parameters)).mapEmpty();
  }

  Future<Optional<Stored>> find(String id) {
    return use(
        database ->
            database
                .query("SELECT * FROM page_sessions WHERE id = ?", Tuple.of(id))
                .map(
                    rows -> {
                      for (Row row : rows) {
                        return Optional.of(
                            new Stored(
                                row.getString("id"),
                                row.getString("tenant_id"),
                                row.getString("user_id"),
                                row.getString("tokens"),
                                row.getLong("expires_at")));
                      }
                      return Optional.empty();
                    }));
  }

  Future<Void> renew(String id, String tokens) {
    return use(
        database ->
            database
                .update("UPDATE page_sessions SET tokens = ? WHERE id = ?", Tuple.of(tokens, id))
                .mapEmpty());
  }

  Future<Void> remove(String id) {
    return use(
        database ->
            database.update("DELETE FROM page_sessions WHERE id = ?", Tuple.of(id)).mapEmpty());
  }

  Future<Void> removeTenant(String tenantId) {
    return use(
        database ->
            database
                .update("DELETE FROM page_sessions WHERE tenant_id = ?", Tuple.of(tenantId))
                .mapEmpty());
  }

  Future<Void> close() {
    return databases.close();
  }
}
