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
        open, session, branch, pull, created_ms, platform
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
              rows.forEach(row -> runs.add(run(forge(connections, row), row)));
              return runs;
            });
  }

  /**
   * Where a run is. Empty where the forge is not in the configuration any more, and for old work
   * whose connection is removed: nobody knows which forge that was.
   */
  private Optional<Forge> forge(List<ForgeConnection> connections, Row row) {
    return Optional.ofNullable(row.getString("platform"))
        .or(
            () ->
                connections.stream()
                    .filter(one -> one.id().equals(row.getString("connection_id")))
                    .map(ForgeConnection::platform)
                    .findFirst())
        .flatMap(forges::find);
  }

  private static IssueRun run(Optional<Forge> forge, Row row) {
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
        page(forge, repository, row.getInteger("number"), false),
        pull,
        pull == null ? null : page(forge, repository, pull, true),
        row.getLong("created_ms"));
  }

  /** The link to an issue or a change request; null where it is not known. */
  private static String page(
      Optional<Forge> forge, RepositoryName repository, int number, boolean isChange) {
    return forge.map(at -> at.page(repository, new IssueRef(number, isChange))).orElse(null);
  }
}
