package dev.concert.gateway.tenant;

import dev.concert.error.FailureLog;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.protocol.SessionMeta;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes tenants: their sessions with agents, workspaces and histories, their keys, ledger,
 * members and audit log. The order to do so is written first and goes last, and every step between
 * can be done twice: wherever the process ends, the next start goes on. A session that cannot be
 * removed at the moment is tried again. Thread-safe.
 */
public final class TenantDeletion {
  private static final Logger LOG = LoggerFactory.getLogger(TenantDeletion.class);

  /** Sessions of a tenant that are removed at the same time. */
  private static final int AT_ONCE = 8;

  private final Vertx vertx;
  private final Registries registries;
  private final SessionDirectory directory;
  private final TenantData data;
  private final DeletionOrders orders;
  private final Set<String> running = ConcurrentHashMap.newKeySet();

  /** Orders that are not certain yet. */
  private final Map<String, Future<Void>> ordering = new ConcurrentHashMap<>();

  /**
   * @param data what is open of tenants, and kept of them elsewhere
   */
  public TenantDeletion(
      Vertx vertx, Registries registries, SessionDirectory directory, TenantData data) {
    this.vertx = vertx;
    this.registries = registries;
    this.directory = directory;
    this.data = data;
    this.orders = new DeletionOrders(registries.root());
  }

  /**
   * What there is of tenants beside their sessions and registries. Everything can be done twice.
   */
  public interface TenantData {
    /** Ends what is open of a tenant, with its keys and page sessions. */
    Future<Void> forget(String tenantId);

    /** Removes every id of a tenant from the usage ledger of Ensemble. */
    Future<Void> forgetUsage(String tenantId);

    /** Closes the ledger of a tenant, which cannot be used until its files are removed. */
    Future<Void> dropLedger(String tenantId, Supplier<Future<Void>> removal);
  }

  /**
   * Orders the deletion. Completes when the order is stored and sign-in is closed. If it fails, for
   * example because the disk is full, the tenant stays as it is.
   */
  Future<Void> order(String tenantId) {
    Promise<Void> ordered = Promise.promise();
    Future<Void> earlier = ordering.putIfAbsent(tenantId, ordered.future());
    if (earlier != null) {
      return Future.fromCompletionStage(earlier.toCompletionStage(), vertx.getOrCreateContext());
    }
    vertx
        .executeBlocking(() -> orders.add(tenantId), false)
        .compose(isNew -> isNew ? markOrWithdraw(tenantId) : mark(tenantId))
        .onComplete(_ -> ordering.remove(tenantId))
        .onComplete(ordered);
    return ordered.future();
  }

  private Future<Void> markOrWithdraw(String tenantId) {
    return mark(tenantId)
        .recover(failure -> withdraw(tenantId).transform(_ -> Future.<Void>failedFuture(failure)));
  }

  /** The order stands where people may be locked out already: that would be half a deletion. */
  private Future<Void> withdraw(String tenantId) {
    return registries
        .in(
            tenantId,
            database ->
                database.query(
                    "SELECT 1 FROM tenant WHERE id = ? AND deleting = 0", Tuple.of(tenantId)))
        .compose(
            open ->
                open.size() == 0
                    ? Future.succeededFuture()
                    : vertx.executeBlocking(
                        () -> {
                          orders.withdraw(tenantId);
                          return null;
                        },
                        false));
  }

  private Future<Void> mark(String tenantId) {
    return registries.in(
        tenantId,
        database ->
            database
                .update("UPDATE tenant SET deleting = 1 WHERE id = ?", Tuple.of(tenantId))
                .mapEmpty());
  }

  /** Goes on with every deletion that was ordered. Called every few seconds. */
  public void tend() {
    vertx
        .executeBlocking(orders::all, false)
        .onSuccess(ordered -> ordered.forEach(this::proceed))
        .onFailure(failure -> LOG.warn("The tenants to delete cannot be read", failure));
  }

  private void proceed(String tenantId) {
    if (!ordering.containsKey(tenantId) && running.add(tenantId)) {
      // The order may be withdrawn since it was read.
      vertx
          .executeBlocking(() -> orders.has(tenantId), false)
          .compose(stands -> stands ? delete(tenantId) : Future.succeededFuture())
          .onFailure(
              failure ->
                  LOG.warn(
                      "Tenant {} is not deleted yet: {}", tenantId, FailureLog.reason(failure)))
          .onComplete(_ -> running.remove(tenantId));
    }
  }

  private Future<Void> delete(String tenantId) {
    return registries
        .exists(tenantId)
        .compose(exists -> exists ? removeSessions(tenantId) : Future.succeededFuture(true))
        .compose(empty -> empty ? removeTenant(tenantId) : Future.succeededFuture());
  }

  /** Whether no session is left; those that are left are tried again. */
  private Future<Boolean> removeSessions(String tenantId) {
    return mark(tenantId)
        .compose(_ -> data.forget(tenantId))
        .compose(_ -> registries.sessions(tenantId))
        .compose(sessions -> remove(sessions, 0))
        .compose(_ -> registries.hasSessions(tenantId))
        .map(left -> !left);
  }

  private Future<Void> remove(List<SessionMeta> sessions, int from) {
    if (from >= sessions.size()) {
      return Future.succeededFuture();
    }
    int to = Math.min(sessions.size(), from + AT_ONCE);
    return Future.join(sessions.subList(from, to).stream().map(directory::delete).toList())
        .compose(_ -> remove(sessions, to));
  }

  private Future<Void> removeTenant(String tenantId) {
    return data.forget(tenantId)
        .compose(_ -> data.forgetUsage(tenantId))
        .compose(
            _ ->
                registries.drop(
                    tenantId, () -> data.dropLedger(tenantId, () -> removeFiles(tenantId))))
        .onSuccess(_ -> LOG.info("Tenant {} is deleted", tenantId));
  }

  private Future<Void> removeFiles(String tenantId) {
    return vertx.executeBlocking(
        () -> {
          orders.finish(tenantId);
          return null;
        },
        false);
  }
}
