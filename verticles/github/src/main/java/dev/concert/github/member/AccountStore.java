package dev.concert.github.member;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.jdbc.JdbcDatabases;
import dev.concert.foundation.secret.SecretNamespace;
import dev.concert.foundation.secret.SecretStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Who members are on GitHub, and which installations their tenants have: {@code accounts.db}. The
 * members' tokens are secrets of their tenant. Thread-safe and non-blocking.
 */
public final class AccountStore {
  private static final String NAME = "accounts";
  private static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE links (
            tenant_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            connection_id TEXT NOT NULL,
            github_id INTEGER NOT NULL,
            login TEXT NOT NULL,
            PRIMARY KEY (tenant_id, user_id),
            UNIQUE (tenant_id, github_id)
          ) WITHOUT ROWID;
          CREATE TABLE installations (
            connection_id TEXT NOT NULL,
            installation_id INTEGER NOT NULL,
            account TEXT NOT NULL,
            user_id TEXT NOT NULL,
            PRIMARY KEY (connection_id, installation_id)
          ) WITHOUT ROWID;
          """);

  private final Vertx vertx;
  private final JdbcDatabases databases;
  private final SecretStore secrets;

  /**
   * @param folder of the database
   */
  public AccountStore(Vertx vertx, Path folder, SecretStore secrets) {
    this.vertx = vertx;
    this.databases = new JdbcDatabases(vertx, name -> folder.resolve(name + ".db"), MIGRATIONS, 1);
    this.secrets = secrets;
  }

  /** A member's account on GitHub. */
  public record MemberLink(
      String tenantId, String userId, String connectionId, long githubId, String login) {}

  /**
   * Links a member to an account, in place of the one before.
   *
   * @return fails with a sentence where another member of the tenant has the account
   */
  Future<Void> link(MemberLink link, UserToken token) {
    return update(
            """
            INSERT INTO links (tenant_id, user_id, connection_id, github_id, login)
            VALUES (?, ?, ?, ?, ?) ON CONFLICT (tenant_id, user_id) DO UPDATE SET
              connection_id = excluded.connection_id, github_id = excluded.github_id,
              login = excluded.login
            WHERE NOT EXISTS (SELECT 1 FROM links AS other WHERE other.tenant_id = excluded.tenant_id
              AND other.github_id = excluded.github_id AND other.user_id <> excluded.user_id)
            """,
            Tuple.of(
                link.tenantId(), link.userId(), link.connectionId(), link.githubId(), link.login()))
        .otherwise(0)
        .compose(
            rows ->
                rows == 1
                    ? put(link, token)
                    : Future.failedFuture(
                        new ConcertException(
                            ErrorCode.INVALID_MESSAGE,
                            "Another member of your tenant is linked to this GitHub account.")));
  }

  Future<Void> put(MemberLink link, UserToken token) {
    return blocking(
        () -> {
          namespace(link.tenantId()).put(secretName(link.userId()), token.toJson());
          return null;
        });
  }

  private SecretNamespace namespace(String tenantId) {
    return new SecretNamespace(secrets, tenantId);
  }

  private static String secretName(String userId) {
    return "github:member:" + userId;
  }

  Future<Optional<UserToken>> token(MemberLink link) {
    return blocking(
        () -> namespace(link.tenantId()).find(secretName(link.userId())).map(UserToken::ofJson));
  }

  /** The account of a member. */
  public Future<Optional<MemberLink>> linkOf(String tenantId, String userId) {
    return links("tenant_id = ? AND user_id = ?", Tuple.of(tenantId, userId))
        .map(found -> found.stream().findFirst());
  }

  /** The member who has this account. */
  public Future<Optional<MemberLink>> memberOf(String tenantId, long githubId) {
    return links("tenant_id = ? AND github_id = ?", Tuple.of(tenantId, githubId))
        .map(found -> found.stream().findFirst());
  }

  private Future<List<MemberLink>> links(String where, Tuple parameters) {
    return query(
            "SELECT tenant_id, user_id, connection_id, github_id, login FROM links WHERE " + where,
            parameters)
        .map(
            rows -> {
              List<MemberLink> links = new ArrayList<>();
              rows.forEach(
                  row ->
                      links.add(
                          new MemberLink(
                              row.getString(0),
                              row.getString(1),
                              row.getString(2),
                              row.getLong(3),
                              row.getString(4))));
              return links;
            });
  }

  /** Removes a link and its token. */
  public Future<Void> remove(MemberLink link) {
    return update(
            "DELETE FROM links WHERE tenant_id = ? AND user_id = ?",
            Tuple.of(link.tenantId(), link.userId()))
        .compose(
            _ ->
                blocking(
                    () -> {
                      namespace(link.tenantId()).remove(secretName(link.userId()));
                      return null;
                    }));
  }

  /**
   * An account took back what it allowed an App.
   *
   * @param githubId 0 for none
   */
  public Future<Void> revoked(String connectionId, long githubId) {
    return githubId == 0
        ? Future.succeededFuture()
        : links("connection_id = ? AND github_id = ?", Tuple.of(connectionId, githubId))
            .compose(all -> Future.join(all.stream().map(this::remove).toList()))
            .mapEmpty();
  }

  /** The tenant has this installation from now on. */
  public Future<Void> bind(String connectionId, long installation, String account, String userId) {
    return update(
            """
            INSERT INTO installations (connection_id, installation_id, account, user_id)
            VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET account = excluded.account
            """,
            Tuple.of(connectionId, installation, account, userId))
        .mapEmpty();
  }

  /** Whether the tenant of an App has this installation. */
  public Future<Boolean> isBound(String connectionId, long installation) {
    return query(
            "SELECT 1 FROM installations WHERE connection_id = ? AND installation_id = ?",
            Tuple.of(connectionId, installation))
        .map(rows -> rows.size() > 0);
  }

  /** An App is gone: so are its installations and the links that were made by it. */
  public Future<Void> forget(String connectionId) {
    return links("connection_id = ?", Tuple.of(connectionId))
        .compose(all -> Future.join(all.stream().map(this::remove).toList()))
        .compose(
            _ ->
                update("DELETE FROM installations WHERE connection_id = ?", Tuple.of(connectionId)))
        .mapEmpty();
  }

  private Future<Integer> update(String sql, Tuple parameters) {
    return databases.with(NAME, database -> database.update(sql, parameters)).map(RowSet::rowCount);
  }

  private Future<RowSet<Row>> query(String sql, Tuple parameters) {
    return databases.with(NAME, database -> database.query(sql, parameters));
  }

  private <T> Future<T> blocking(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }

  /** Closes the database. */
  public Future<Void> close() {
    return databases.close().mapEmpty();
  }
}
