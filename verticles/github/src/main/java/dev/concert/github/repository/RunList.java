package dev.concert.github.repository;

import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.repository.RepositoryMessages.IssueRun;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Shows the work of a tenant on issues.
 *
 * @param web where GitHub's pages are
 */
record RunList(URI web) {
  private static final String SELECT =
      """
      SELECT id, connection_id, owner || '/' || repository AS name, number, title, requester,
        (SELECT state FROM task WHERE task.item = item.id ORDER BY position DESC LIMIT 1) AS state,
        open, session, branch, pull, created_ms
      FROM item
      """;

  /**
   * The newest runs first.
   *
   * @param database of the tenant's work
   * @param session in which the work is done; empty for all
   */
  Future<List<IssueRun>> newest(FencedDatabase database, Optional<String> session, int limit) {
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
              rows.forEach(row -> runs.add(run(row)));
              return runs;
            });
  }

  private IssueRun run(Row row) {
    String repository = row.getString("name");
    Integer pull = row.getInteger("pull");
    String state = Optional.ofNullable(row.getString("state")).orElse("WAITING");
    return new IssueRun(
        row.getString("id"),
        row.getString("connection_id"),
        repository,
        row.getInteger("number"),
        row.getString("title"),
        row.getString("requester"),
        state.toLowerCase(Locale.ROOT),
        row.getInteger("open") == 1,
        row.getString("session"),
        row.getString("branch"),
        "%s/%s/issues/%d".formatted(web, repository, row.getInteger("number")),
        pull,
        pull == null ? null : "%s/%s/pull/%d".formatted(web, repository, pull),
        row.getLong("created_ms"));
  }
}
