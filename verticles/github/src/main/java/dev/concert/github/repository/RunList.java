package dev.concert.github.repository;

import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.github.api.IssueRef;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.forge.Forge;
import dev.concert.github.forge.Forges;
import dev.concert.repository.RepositoryMessages.IssueRun;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Shows the work of a tenant on issues. */
record RunList(Forges forges) {
  private static final String SELECT =
      """
      SELECT id, connection_id, owner, repository, number, title, requester,
        (SELECT state FROM task WHERE task.item = item.id ORDER BY position DESC LIMIT 1) AS state,
        open, session, branch, pull, created_ms
      FROM item
      """;

  /**
   * The newest runs first.
   *
   * @param connections of the tenant
   * @param database of the tenant's work
   * @param session in which the work is done; empty for all
   */
  Future<List<IssueRun>> newest(
      List<ForgeConnection> connections,
      FencedDatabase database,
      Optional<String> session,
      int limit) {
    return session
        .map(
            id ->
                database.query(
                    SELECT + "WHERE session = ? ORDER BY created_ms DESC LIMIT ?",
                    Tuple.of(id, limit)))
        .orElseGet(
            () -> database.query(SELECT + "ORDER BY created_ms DESC LIMIT ?", Tuple.of(limit)))
        .map(
            rows -> {
              List<IssueRun> runs = new ArrayList<>();
              rows.forEach(
                  row -> runs.add(run(forge(connections, row.getString("connection_id")), row)));
              return runs;
            });
  }

  /** Work of a connection that is removed is shown as GitHub's. */
  private Forge forge(List<ForgeConnection> connections, String id) {
    return connections.stream()
        .filter(one -> one.id().equals(id))
        .findFirst()
        .map(forges::of)
        .orElseGet(() -> forges.find(ForgeConnection.GITHUB).orElseThrow());
  }

  private static IssueRun run(Forge forge, Row row) {
    RepositoryName repository =
        new RepositoryName(row.getString("owner"), row.getString("repository"));
    Integer pull = row.getInteger("pull");
    String state = Optional.ofNullable(row.getString("state")).orElse("WAITING");
    return new IssueRun(
        row.getString("id"),
        row.getString("connection_id"),
        repository.toString(),
        row.getInteger("number"),
        row.getString("title"),
        row.getString("requester"),
        state.toLowerCase(Locale.ROOT),
        row.getInteger("open") == 1,
        row.getString("session"),
        row.getString("branch"),
        forge.page(repository, new IssueRef(row.getInteger("number"), false)),
        pull,
        pull == null ? null : forge.page(repository, new IssueRef(pull, true)),
        row.getLong("created_ms"));
  }
}
