package dev.concert.gateway.member;

import dev.concert.foundation.openid.TokenClaims;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.registry.Registries;
import dev.concert.protocol.Role;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes a user who signs in for the first time a member. Thread-safe. */
record Seats(Registries registries) {

  /** The role of the seat that waits for this verified e-mail; the bearer has taken it then. */
  Future<Optional<Role>> take(TokenClaims claims) {
    if (!claims.emailVerified() || claims.email().isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    return registries.in(
        claims.tenantId(),
        database ->
            database
                .query(
                    "SELECT id FROM invitations WHERE email = ? AND token_hash IS NULL"
                        + " AND accepted_by IS NULL",
                    Tuple.of(email(claims)))
                .compose(
                    rows ->
                        rows.size() == 0
                            ? Future.succeededFuture(Optional.empty())
                            : database.transaction(transaction -> take(transaction, claims))));
  }

  private static Future<Optional<Role>> take(SqlConnection transaction, TokenClaims claims) {
    // Once, although two sign in at the same time.
    return transaction
        .preparedQuery(
            "UPDATE invitations SET accepted_by = ?, accepted_at = ? WHERE email = ?"
                + " AND token_hash IS NULL AND accepted_by IS NULL RETURNING role")
        .execute(Tuple.of(claims.subject(), System.currentTimeMillis(), email(claims)))
        .compose(
            rows -> {
              RowIterator<Row> taken = rows.iterator();
              if (!taken.hasNext()) {
                return Future.succeededFuture(Optional.empty());
              }
              Role role = Role.ofWireName(taken.next().getString("role")).orElseThrow();
              return join(transaction, claims, role, "member.took_seat").map(Optional.of(role));
            });
  }

  /**
   * Makes the bearer a member with this role.
   *
   * @return the role that the bearer has now, which is another one for who joined meanwhile; empty
   *     for one who was removed before
   */
  Future<Optional<Role>> admit(TokenClaims claims, Role role) {
    return registries.in(
        claims.tenantId(),
        database ->
            database.transaction(
                transaction ->
                    transaction
                        .preparedQuery(
                            "SELECT (SELECT role FROM members WHERE user_id = ? AND issuer = ?) AS"
                                + " role, EXISTS (SELECT 1 FROM removed_members WHERE user_id = ?)"
                                + " OR EXISTS (SELECT 1 FROM members WHERE user_id = ?) AS known")
                        .execute(
                            Tuple.of(
                                claims.subject(),
                                claims.issuer(),
                                claims.subject(),
                                claims.subject()))
                        .map(rows -> rows.iterator().next())
                        .compose(
                            row ->
                                row.getInteger("known") != 0
                                    ? Future.succeededFuture(role(row))
                                    : join(transaction, claims, role, "member.admitted")
                                        .map(Optional.of(role)))));
  }

  /** The role of who is a member by now. */
  Future<Optional<Role>> held(TokenClaims claims) {
    return registries.in(
        claims.tenantId(),
        database ->
            database
                .query(
                    "SELECT role FROM members WHERE user_id = ? AND issuer = ?",
                    Tuple.of(claims.subject(), claims.issuer()))
                .map(rows -> rows.size() == 0 ? Optional.empty() : role(rows.iterator().next())));
  }

  private static Optional<Role> role(Row row) {
    return Optional.ofNullable(row.getString("role"))
        .map(name -> Role.ofWireName(name).orElseThrow());
  }

  /** A seat gives its role also to who became a member in another way meanwhile. */
  private static Future<Void> join(
      SqlConnection transaction, TokenClaims claims, Role role, String action) {
    return transaction
        .preparedQuery(
            "INSERT INTO members (user_id, issuer, email, role, joined_at) VALUES (?, ?, ?, ?, ?)"
                + " ON CONFLICT (user_id) DO UPDATE SET role = excluded.role WHERE issuer ="
                + " excluded.issuer")
        .execute(
            Tuple.of(
                claims.subject(),
                claims.issuer(),
                email(claims),
                role.wireName(),
                System.currentTimeMillis()))
        .compose(
            _ ->
                AuditLog.record(
                    transaction,
                    claims.subject(),
                    action,
                    claims.subject(),
                    Map.of("role", role.wireName(), "email", email(claims))));
  }

  /** The verified or claimed e-mail as registries hold it: in lower case. */
  static String email(TokenClaims claims) {
    return claims.email().orElse("").toLowerCase(Locale.ROOT);
  }
}
