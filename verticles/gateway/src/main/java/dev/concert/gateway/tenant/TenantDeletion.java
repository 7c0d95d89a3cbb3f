package dev.concert.gateway.tenant;

import dev.concert.error.FailureLog;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.protocol.SessionMeta;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.util.List;
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

  /** Completes when the deletion is certain and nobody can sign in any more. */
  Future<Void> order(String tenantId) {
    return vertx
        .executeBlocking(
            () -> {
              orders.add(tenantId);
              return null;
            },
            false)
        .compose(_ -> mark(tenantId));
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
    if (running.add(tenantId)) {
      delete(tenantId)
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
