package dev.concert.gateway.registry;

import dev.concert.protocol.ShareAccess;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** With whom sessions are shared. Thread-safe. */
public record SessionShares(Registries registries) {

  /** What this session is shared with this user for; empty where it is not. */
  public Future<Optional<ShareAccess>> find(String tenantId, String sessionId, String userId) {
    return of(tenantId, " AND user_id = ?", Tuple.of(sessionId, userId))
        .map(found -> Optional.ofNullable(found.get(userId)));
  }

  /** The users that this session is shared with. */
  public Future<Map<String, ShareAccess>> of(String tenantId, String sessionId) {
    return of(tenantId, "", Tuple.of(sessionId));
  }

  private Future<Map<String, ShareAccess>> of(String tenantId, String condition, Tuple parameters) {
    return registries.in(
        tenantId,
        database ->
            database
                .query(
                    "SELECT user_id, access FROM session_members WHERE session_id = ?" + condition,
                    parameters)
                .map(
                    rows -> {
                      Map<String, ShareAccess> shared = new HashMap<>();
                      for (Row row : rows) {
                        shared.put(
                            row.getString("user_id"),
                            ShareAccess.ofWireName(row.getString("access")));
                      }
                      return shared;
                    }));
  }
}
