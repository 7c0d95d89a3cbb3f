package dev.concert.gateway.tenant;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.registry.TenantIds;
import dev.concert.protocol.Identity;
import dev.concert.text.OneLine;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Creates and lists tenants. Thread-safe; several processes may use one folder. */
public record Tenants(Registries registries) {

  /**
   * Creates a tenant whose first owner is whoever first signs in with that verified e-mail and a
   * token of this tenant. Fails with {@code INVALID_MESSAGE} where the id or the name is not valid,
   * the id is taken, or an earlier tenant of this id is not deleted yet.
   */
  public Future<Tenant> create(String id, String name, String ownerEmail) {
    if (!TenantIds.isValid(id)) {
      return refused(
          "'%s' cannot be the id of a tenant: use 1 to 64 letters, digits, dots, hyphens and underscores."
              .formatted(id));
    }
    if (!OneLine.isOne(name)) {
      return refused("The title of a tenant " + OneLine.RULE + ".");
    }
    return registries
        .blocking(() -> new DeletionOrders(registries.root()).has(id))
        .compose(
            ordered ->
                ordered
                    ? refused(
                        "An earlier tenant '%s' is still being deleted. Try again when that is done."
                            .formatted(id))
                    : created(id, name, ownerEmail));
  }

  private Future<Tenant> created(String id, String name, String ownerEmail) {
    Tenant tenant = new Tenant(id, name, System.currentTimeMillis(), false);
    return registries.in(
        id,
        database ->
            database.transaction(
                transaction ->
                    insert(transaction, tenant)
                        .compose(
                            created ->
                                created
                                    ? seat(transaction, tenant, ownerEmail)
                                    : refused("There is a tenant '%s' already.".formatted(id)))
                        .map(tenant)));
  }

  /** False where the tenant is there already. */
  private static Future<Boolean> insert(SqlConnection transaction, Tenant tenant) {
    return transaction
        .preparedQuery("INSERT OR IGNORE INTO tenant (id, name, created_at) VALUES (?, ?, ?)")
        .execute(Tuple.of(tenant.id(), tenant.name(), tenant.createdAt()))
        .map(result -> result.rowCount() == 1);
  }

  private static Future<Void> seat(SqlConnection transaction, Tenant tenant, String email) {
    return transaction
        .preparedQuery(
            "INSERT INTO invitations (id, email, role, sessions, invited_by, created_at,"
                + " expires_at) VALUES (?, ?, 'owner', '[]', ?, ?, ?)")
        .execute(
            Tuple.of(
                UUID.randomUUID().toString(),
                email.toLowerCase(Locale.ROOT),
                AuditLog.OPERATOR,
                tenant.createdAt(),
                Long.MAX_VALUE))
        .compose(
            _ ->
                AuditLog.record(
                    transaction,
                    AuditLog.OPERATOR,
                    "tenant.created",
                    tenant.id(),
                    Map.of("owner", email)));
  }

  /**
   * Makes sure that this identity is a member of its tenant, which is created if needed. For the
   * development identity only.
   */
  public Future<Void> ensure(Identity member) {
    long now = System.currentTimeMillis();
    return registries.in(
        member.tenantId(),
        database ->
            database.transaction(
                transaction ->
                    insert(
                            transaction,
                            new Tenant(member.tenantId(), member.tenantId(), now, false))
                        .compose(
                            _ ->
                                transaction
                                    .preparedQuery(
                                        "INSERT OR IGNORE INTO members (user_id, issuer, email,"
                                            + " role, joined_at) VALUES (?, '', ?, ?, ?)")
                                    .execute(
                                        Tuple.of(
                                            member.userId(),
                                            member.email(),
                                            member.role().wireName(),
                                            now)))
                        .<Void>mapEmpty()));
  }

  /** Every tenant, also those that are being deleted. */
  public Future<List<Tenant>> list() {
    return registries
        .tenants()
        .compose(
            ids -> {
              List<Tenant> found = new ArrayList<>();
              Future<?> read = Future.succeededFuture();
              for (String id : ids) {
                read = read.compose(_ -> find(id)).onSuccess(one -> one.ifPresent(found::add));
              }
              return read.map(found);
            });
  }

  /** The tenant with this id, if there is one. Creates nothing. */
  public Future<Optional<Tenant>> find(String id) {
    return registries
        .exists(id)
        .compose(
            exists ->
                exists
                    ? registries.in(
                        id,
                        database ->
                            database
                                .query("SELECT * FROM tenant WHERE id = ?", Tuple.of(id))
                                .map(Tenants::first))
                    : Future.succeededFuture(Optional.empty()));
  }

  private static Optional<Tenant> first(RowSet<Row> rows) {
    RowIterator<Row> found = rows.iterator();
    return found.hasNext() ? Optional.of(tenant(found.next())) : Optional.empty();
  }

  private static Tenant tenant(Row row) {
    return new Tenant(
        row.getString("id"),
        row.getString("name"),
        row.getLong("created_at"),
        row.getInteger("deleting") != 0);
  }

  private static <T> Future<T> refused(String message) {
    return Future.failedFuture(new ConcertException(ErrorCode.INVALID_MESSAGE, message));
  }
}
