package dev.concert.gateway.member;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds members, with one read of a tenant for all that are wanted in one turn of a context. So
 * many open connections whose rights are checked at once are one read. Thread-safe.
 */
final class MemberBatches {
  private final Source source;
  private final Map<String, Batch> waiting = new HashMap<>();

  MemberBatches(Source source) {
    this.source = source;
  }

  /** Where the members are. */
  @FunctionalInterface
  interface Source {
    /** Those of these users who are members of the tenant now, by their ids. */
    Future<Map<String, Row>> read(String tenantId, Set<String> userIds);
  }

  /** What a registry has of a member. */
  record Row(String email, String role, String issuer) {}

  private record Batch(Set<String> userIds, Promise<Map<String, Row>> rows) {}

  /** The member as of after this call; empty for who is none. */
  Future<Optional<Row>> find(String tenantId, String userId) {
    Context context = Vertx.currentContext();
    Batch batch;
    synchronized (waiting) {
      batch = waiting.get(tenantId);
      if (batch == null) {
        batch = new Batch(new HashSet<>(), Promise.promise());
        waiting.put(tenantId, batch);
        if (context != null) {
          context.runOnContext(_ -> read(tenantId));
        }
      }
      batch.userIds().add(userId);
    }
    if (context == null) {
      read(tenantId);
    }
    return batch.rows().future().map(rows -> Optional.ofNullable(rows.get(userId)));
  }

  private void read(String tenantId) {
    Batch batch;
    synchronized (waiting) {
      batch = waiting.remove(tenantId);
    }
    if (batch != null) {
      source.read(tenantId, batch.userIds()).onComplete(batch.rows());
    }
  }
}
