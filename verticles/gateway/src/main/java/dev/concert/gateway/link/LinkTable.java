package dev.concert.gateway.link;

import dev.concert.gateway.registry.Registries;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** The links in the registries of the tenants. Thread-safe. */
record LinkTable(Registries registries) {

  Future<Void> add(SharedLink link) {
    return registries.in(
        link.tenantId(),
        database ->
            database
                .update(
                    "INSERT INTO shares (id, session_id, token_hash, created_by, created_at,"
                        + " expires_at) VALUES (?, ?, ?, ?, ?, ?)",
                    Tuple.of(
                        link.id(),
                        link.sessionId(),
                        link.tokenHash(),
                        link.createdBy(),
                        link.createdAt(),
                        link.expiresAt()))
                .mapEmpty());
  }

  Future<Void> remove(SharedLink link) {
    return registries.in(
        link.tenantId(),
        database ->
            database.update("DELETE FROM shares WHERE id = ?", Tuple.of(link.id())).mapEmpty());
  }

  /** Those of all tenants that have not expired; the others are removed. */
  Future<List<SharedLink>> live(long now) {
    return registries.tenants().compose(tenants -> live(tenants, now));
  }

  private Future<List<SharedLink>> live(List<String> tenants, long now) {
    Future<List<SharedLink>> all = Future.succeededFuture(new ArrayList<>());
    for (String tenant : tenants) {
      all =
          all.compose(
              found ->
                  registries
                      .in(
                          tenant,
                          database ->
                              database
                                  .update("DELETE FROM shares WHERE expires_at <= ?", Tuple.of(now))
                                  .compose(
                                      _ -> database.query("SELECT * FROM shares", Tuple.tuple())))
                      .map(
                          rows -> {
                            rows.forEach(row -> found.add(link(tenant, row)));
                            return found;
                          }));
    }
    return all;
  }

  private static SharedLink link(String tenant, Row row) {
    return new SharedLink(
        tenant,
        row.getString("session_id"),
        row.getString("id"),
        row.getString("token_hash"),
        row.getString("created_by"),
        row.getLong("created_at"),
        row.getLong("expires_at"));
  }
}
