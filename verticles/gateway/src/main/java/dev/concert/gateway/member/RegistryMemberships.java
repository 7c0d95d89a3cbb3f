package dev.concert.gateway.member;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.jdbc.JdbcDatabase;
import dev.concert.foundation.openid.TokenClaims;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.auth.Memberships;
import dev.concert.gateway.registry.Registries;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Role;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Knows the members of tenants from the tenants' registries. Each sign-in reads the registry, so a
 * change holds for the next one, whichever process made it.
 */
public final class RegistryMemberships implements Memberships {
  private final Registries registries;
  private final MemberOptions options;
  private final Seats seats;
  private final RefusedSignIns refused;
  private final MemberBatches again;
  private final UniformRefusals refusals;

  public RegistryMemberships(Registries registries, MemberOptions options) {
    this.registries = registries;
    this.options = options;
    this.seats = new Seats(registries);
    this.refused = new RefusedSignIns(new AuditLog(registries));
    this.again = new MemberBatches(this::rows);
    this.refusals = new UniformRefusals(registries.vertx());
  }

  @Override
  public Future<Identity> identify(TokenClaims claims) {
    return refusals.of(() -> known(claims));
  }

  private Future<Identity> known(TokenClaims claims) {
    return registries
        .exists(claims.tenantId())
        .compose(exists -> exists ? inTenant(claims) : refusal());
  }

  @Override
  public Future<Identity> identifyAgain(TokenClaims claims) {
    return again
        .find(claims.tenantId(), claims.subject())
        .compose(
            found ->
                found
                    .filter(row -> row.issuer().equals(claims.issuer()))
                    .map(row -> Future.succeededFuture(identity(claims, row.email(), row.role())))
                    .orElseGet(() -> known(claims)));
  }

  private Future<Map<String, MemberBatches.Row>> rows(String tenantId, Set<String> userIds) {
    return registries
        .exists(tenantId)
        .compose(
            exists ->
                exists
                    ? registries
                        .in(
                            tenantId,
                            database ->
                                database.query(
                                    "SELECT m.user_id, m.email, m.role, m.issuer FROM tenant t JOIN"
                                        + " members m WHERE t.id = ? AND t.deleting = 0 AND"
                                        + " m.user_id IN (SELECT value FROM json_each(?))",
                                    Tuple.of(
                                        tenantId, new JsonArray(List.copyOf(userIds)).encode())))
                        .map(RegistryMemberships::byId)
                    : Future.succeededFuture(Map.of()));
  }

  private static Map<String, MemberBatches.Row> byId(RowSet<Row> rows) {
    Map<String, MemberBatches.Row> found = new HashMap<>();
    rows.forEach(
        row ->
            found.put(
                row.getString("user_id"),
                new MemberBatches.Row(
                    row.getString("email"), row.getString("role"), row.getString("issuer"))));
    return found;
  }

  /** The user as a member of the tenant now; empty for who is none. */
  public Future<Optional<Identity>> find(String tenantId, String userId) {
    return registries
        .exists(tenantId)
        .compose(
            exists ->
                exists
                    ? registries.in(tenantId, database -> member(database, tenantId, userId))
                    : Future.succeededFuture(Optional.empty()));
  }

  private static Future<Optional<Identity>> member(
      JdbcDatabase database, String tenantId, String userId) {
    return database
        .query(
            "SELECT m.role, m.email FROM tenant t JOIN members m ON m.user_id = ?"
                + " WHERE t.id = ? AND t.deleting = 0",
            Tuple.of(userId, tenantId))
        .map(
            rows -> {
              RowIterator<Row> found = rows.iterator();
              if (!found.hasNext()) {
                return Optional.empty();
              }
              Row row = found.next();
              Role role = Role.ofWireName(row.getString("role")).orElseThrow();
              return Optional.of(Identity.of(userId, row.getString("email"), tenantId, role));
            });
  }

  private Future<Identity> inTenant(TokenClaims claims) {
    return registries
        .in(
            claims.tenantId(),
            database ->
                database.query(
                    "SELECT m.role, m.email, m.issuer FROM tenant t"
                        + " LEFT JOIN members m ON m.user_id = ? WHERE t.id = ? AND t.deleting = 0",
                    Tuple.of(claims.subject(), claims.tenantId())))
        .compose(
            rows -> {
              RowIterator<Row> found = rows.iterator();
              return found.hasNext() ? ofRow(claims, found.next()) : refusal();
            });
  }

  private Future<Identity> ofRow(TokenClaims claims, Row row) {
    if (row.getString("role") == null) {
      return newMember(claims);
    }
    return row.getString("issuer").equals(claims.issuer())
        ? Future.succeededFuture(identity(claims, row.getString("email"), row.getString("role")))
        : refused.record(claims, "issuer").compose(_ -> refusal());
  }

  private static Identity identity(TokenClaims claims, String email, String role) {
    return Identity.of(
        claims.subject(), email, claims.tenantId(), Role.ofWireName(role).orElseThrow());
  }

  /** A user of this tenant's claim who has no row yet: takes a seat, or is admitted by policy. */
  private Future<Identity> newMember(TokenClaims claims) {
    return seats
        .take(claims)
        .compose(seat -> seat.isPresent() ? Future.succeededFuture(seat) : admittedByPolicy(claims))
        // Who signs in twice at the same time has joined meanwhile.
        .compose(role -> role.isPresent() ? Future.succeededFuture(role) : seats.held(claims))
        .compose(
            role ->
                role.isEmpty()
                    ? refused.record(claims, "no_member").compose(_ -> refusal())
                    : Future.succeededFuture(
                        Identity.of(
                            claims.subject(), Seats.email(claims), claims.tenantId(), role.get())));
  }

  private Future<Optional<Role>> admittedByPolicy(TokenClaims claims) {
    return options
        .newMembers()
        .map(role -> seats.admit(claims, role))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  /**
   * The same words, and the same time, for every reason, so that nobody learns which tenants there
   * are.
   */
  private static <T> Future<T> refusal() {
    return Future.failedFuture(
        new ConcertException(
            ErrorCode.AUTH_FAILED,
            "This token's bearer is no member of the tenant that it names."));
  }
}
