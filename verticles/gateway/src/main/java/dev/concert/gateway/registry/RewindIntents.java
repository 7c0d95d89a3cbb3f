package dev.concert.gateway.registry;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** The rewinds of all tenants that were begun and not finished: at most one for a session. */
public final class RewindIntents {
  private final Registries registries;

  RewindIntents(Registries registries) {
    this.registries = registries;
  }

  public Future<Void> add(RewindIntent intent) {
    return registries.in(
        intent.tenantId(),
        database ->
            database
                .update(
                    "INSERT OR REPLACE INTO rewinds (session_id, rewind_id, message_id, from_seq,"
                        + " files_at, files_before, user_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    Tuple.tuple()
                        .addString(intent.sessionId())
                        .addString(intent.rewindId())
                        .addString(intent.messageId())
                        .addLong(intent.fromSeq())
                        .addLong(intent.filesAt())
                        .addLong(intent.filesBefore())
                        .addString(intent.userId()))
                .mapEmpty());
  }

  /** The rewind is finished, or given up. */
  public Future<Void> remove(RewindIntent intent) {
    return registries.in(
        intent.tenantId(),
        database ->
            database
                .update("DELETE FROM rewinds WHERE rewind_id = ?", Tuple.of(intent.rewindId()))
                .mapEmpty());
  }

  public Future<List<RewindIntent>> all() {
    return registries.tenants().compose(this::all);
  }

  private Future<List<RewindIntent>> all(List<String> tenants) {
    Future<List<RewindIntent>> all = Future.succeededFuture(new ArrayList<>());
    for (String tenant : tenants) {
      all =
          all.compose(
              found ->
                  registries
                      .in(
                          tenant,
                          database -> database.query("SELECT * FROM rewinds", Tuple.tuple()))
                      .map(
                          rows -> {
                            rows.forEach(row -> found.add(intent(tenant, row)));
                            return found;
                          }));
    }
    return all;
  }

  private static RewindIntent intent(String tenant, Row row) {
    return new RewindIntent(
        tenant,
        row.getString("session_id"),
        row.getString("rewind_id"),
        row.getString("message_id"),
        row.getLong("from_seq"),
        row.getLong("files_at"),
        row.getLong("files_before"),
        row.getString("user_id"));
  }
}
