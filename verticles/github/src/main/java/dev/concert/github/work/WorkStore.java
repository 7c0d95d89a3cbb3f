package dev.concert.github.work;

import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.github.api.IssueRef;
import dev.concert.github.api.RepositoryName;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The work of a tenant. Thread-safe and non-blocking. */
public final class WorkStore {
  private static final String ITEM =
      "SELECT id, connection_id, installation, owner, repository, repository_id, number, title,"
          + " requester, requester_id, branch, base, base_commit, head, session, imported, pull,"
          + " open, created_ms, plan FROM item ";
  private static final String TASK =
      "SELECT id, item, prompt, requester, requester_id, review_comment, state, turn, attempt, seq,"
          + " text, commit_id, created_ms, check_run, results,"
          + " answer_on FROM task ";
  private static final String NOT_OVER =
      "state IN ('WAITING', 'RUNNING', 'PUBLISHING', 'CHECKING')";

  private static final String INSERT_TASK =
      """
      INSERT INTO task (id, item, prompt, requester, requester_id, review_comment, answer_on,
        created_ms)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
      """;

  private final FencedDatabase database;

  /**
   * @param database with the {@link WorkSchema}
   */
  public WorkStore(FencedDatabase database) {
    this.database = database;
  }

  /**
   * The open work on an issue, or that of a pull request of ours. An issue and a pull request may
   * have the same number.
   */
  Future<Optional<WorkItem>> openFor(String connectionId, long repositoryId, IssueRef about) {
    return items(
            "WHERE open = 1 AND connection_id = ? AND repository_id = ? AND (number = ? OR pull ="
                + " ?)",
            Tuple.of(connectionId, repositoryId, about.number(), about.number()))
        .map(
            found ->
                found.stream()
                    .filter(
                        item -> item.issue().equals(about) || item.changeOrIssue().equals(about))
                    .findFirst());
  }

  /** The open work of a session. */
  Future<Optional<WorkItem>> openIn(String session) {
    return items("WHERE open = 1 AND session = ?", Tuple.of(session))
        .map(found -> found.stream().findFirst());
  }

  /** The open work whose branch this is. */
  Future<Optional<WorkItem>> openOn(String connectionId, long repositoryId, String branch) {
    return items(
            "WHERE open = 1 AND connection_id = ? AND repository_id = ? AND branch = ?",
            Tuple.of(connectionId, repositoryId, branch))
        .map(found -> found.stream().findFirst());
  }

  /** The open work in an installation of an App. */
  Future<List<WorkItem>> openInstalled(String connectionId, long installation) {
    return items(
        "WHERE open = 1 AND connection_id = ? AND installation = ?",
        Tuple.of(connectionId, installation));
  }

  /** A repository has this name now. */
  Future<Void> named(String connectionId, long repositoryId, RepositoryName name) {
    return database
        .update(
            """
            UPDATE item SET owner = ?, repository = ?
            WHERE connection_id = ? AND repository_id = ? AND (owner <> ? OR repository <> ?)
            """,
            Tuple.of(
                name.owner(), name.name(), connectionId, repositoryId, name.owner(), name.name()))
        .mapEmpty();
  }

  /** What a repository that has work is called; empty where none is known. */
  Future<Optional<RepositoryName>> nameOf(String connectionId, long repositoryId) {
    return database
        .query(
            "SELECT owner, repository FROM item WHERE connection_id = ? AND repository_id = ?"
                + " LIMIT 1",
            Tuple.of(connectionId, repositoryId))
        .map(
            rows -> {
              for (Row row : rows) {
                return Optional.of(new RepositoryName(row.getString(0), row.getString(1)));
              }
              return Optional.empty();
            });
  }

  /** Whether a turn was steered by this already. */
  Future<Boolean> isSteered(String id) {
    return database
        .query("SELECT 1 FROM steered WHERE id = ?", Tuple.of(id))
        .map(rows -> rows.size() > 0);
  }

  Future<Void> steered(String id, String itemId) {
    return database
        .update(
            "INSERT INTO steered (id, item) VALUES (?, ?) ON CONFLICT DO NOTHING",
            Tuple.of(id, itemId))
        .mapEmpty();
  }

  Future<Optional<WorkItem>> find(String id) {
    return items("WHERE id = ?", Tuple.of(id)).map(found -> found.stream().findFirst());
  }

  /** The items that have a task which is not over. */
  Future<List<WorkItem>> unfinished() {
    return items(
        "WHERE id IN (SELECT item FROM task WHERE " + NOT_OVER + ") ORDER BY created_ms",
        Tuple.tuple());
  }

  /** The items that got a task since then. */
  Future<List<WorkItem>> recent(Instant since) {
    return items(
        "WHERE id IN (SELECT item FROM task WHERE created_ms >= ?) ORDER BY created_ms",
        Tuple.of(since.toEpochMilli()));
  }

  private Future<List<WorkItem>> items(String where, Tuple parameters) {
    return database
        .query(ITEM + where, parameters)
        .map(
            rows -> {
              List<WorkItem> items = new ArrayList<>();
              rows.forEach(row -> items.add(item(row)));
              return items;
            });
  }

  /**
   * Adds work with its first task, unless the issue has some. Both or none.
   *
   * @param platform of its forge
   */
  Future<Void> begin(String platform, WorkItem item, WorkTask first) {
    return database
        .change(
            connection ->
                connection
                    .preparedQuery(
                        """
                        INSERT INTO item (id, connection_id, installation, owner, repository,
                          repository_id, number, title, requester, requester_id, branch, created_ms,
                          plan, platform)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                        """)
                    .execute(
                        Tuple.of(
                            item.id(),
                            item.connectionId(),
                            item.installation(),
                            item.repository().owner(),
                            item.repository().name(),
                            item.repositoryId(),
                            item.number(),
                            item.title(),
                            item.requester(),
                            item.requesterId(),
                            item.branch(),
                            item.createdMs(),
                            item.plan().toJson(),
                            platform))
                    .compose(_ -> connection.preparedQuery(INSERT_TASK).execute(values(first))))
        .mapEmpty();
  }

  private static Tuple values(WorkTask task) {
    return Tuple.of(
        task.id(),
        task.itemId(),
        task.prompt(),
        task.requester(),
        task.requesterId(),
        task.reviewComment(),
        task.answerOn().name(),
        task.createdMs());
  }

  /** Adds a task; one with this id changes nothing. */
  Future<Void> add(WorkTask task) {
    return database.update(INSERT_TASK, values(task)).mapEmpty();
  }

  /** The tasks of an item, in order. */
  Future<List<WorkTask>> tasks(String itemId) {
    return database
        .query(TASK + "WHERE item = ? ORDER BY position", Tuple.of(itemId))
        .map(
            rows -> {
              List<WorkTask> tasks = new ArrayList<>();
              rows.forEach(row -> tasks.add(task(row)));
              return tasks;
            });
  }

  Future<Void> beginsFrom(String id, String base, String commit) {
    return set("base = ?, base_commit = ?", Tuple.of(base, commit, id));
  }

  Future<Void> inSession(String id, String session) {
    return set("session = ?", Tuple.of(session, id));
  }

  Future<Void> imported(String id) {
    return set("imported = 1", Tuple.of(id));
  }

  Future<Void> pushed(String id, String head) {
    return set("head = ?", Tuple.of(head, id));
  }

  Future<Void> opened(String id, int pull) {
    return set("pull = ?", Tuple.of(pull, id));
  }

  /** Nothing more is done on it; what waits is stopped. */
  Future<Void> close(String id) {
    return database
        .change(
            connection ->
                connection
                    .preparedQuery("UPDATE item SET open = 0 WHERE id = ?")
                    .execute(Tuple.of(id))
                    .compose(
                        _ ->
                            connection
                                .preparedQuery(
                                    "UPDATE task SET state = 'STOPPED' WHERE item = ? AND state ="
                                        + " 'WAITING'")
                                .execute(Tuple.of(id))))
        .mapEmpty();
  }

  /** A review is over, unless somebody asked for more meanwhile. */
  Future<Void> closeReview(String id) {
    return database
        .update(
            "UPDATE item SET open = 0 WHERE id = ? AND json_extract(plan, '$.kind') = 'REVIEW'"
                + " AND id NOT IN (SELECT item FROM task WHERE "
                + NOT_OVER
                + ")",
            Tuple.of(id))
        .mapEmpty();
  }

  private Future<Void> set(String columns, Tuple parameters) {
    return database.update("UPDATE item SET " + columns + " WHERE id = ?", parameters).mapEmpty();
  }

  Future<Void> inTurn(String id, String turn, long seq) {
    return setTask("state = 'RUNNING', turn = ?, seq = ?", Tuple.of(turn, seq, id));
  }

  /** The turn was cut; another one is begun. */
  Future<Void> again(String id) {
    return setTask("state = 'WAITING', turn = NULL, seq = 0, attempt = attempt + 1", Tuple.of(id));
  }

  Future<Void> said(String id, WorkTask.State state, String text) {
    return setTask("state = ?, text = ?", Tuple.of(state.name(), text, id));
  }

  Future<Void> committed(String id, String commit) {
    return setTask("commit_id = ?", Tuple.of(commit, id));
  }

  Future<Void> checkBegun(String id, long checkRun) {
    return setTask("check_run = ?", Tuple.of(checkRun, id));
  }

  Future<Void> checked(String id, List<CommandResult> results) {
    return setTask("results = ?", Tuple.of(CommandResult.toJson(results), id));
  }

  private Future<Void> setTask(String columns, Tuple parameters) {
    return database
        .update("UPDATE task SET " + columns + " WHERE id = ? AND " + NOT_OVER, parameters)
        .mapEmpty();
  }

  private static WorkItem item(Row row) {
    return new WorkItem(
        row.getString(0),
        row.getString(1),
        row.getLong(2),
        new RepositoryName(row.getString(3), row.getString(4)),
        row.getLong(5),
        row.getInteger(6),
        row.getString(7),
        row.getString(8),
        row.getLong(9),
        row.getString(10),
        Optional.ofNullable(row.getString(11)),
        Optional.ofNullable(row.getString(12)),
        Optional.ofNullable(row.getString(13)),
        Optional.ofNullable(row.getString(14)),
        row.getInteger(15) == 1,
        Optional.ofNullable(row.getInteger(16)),
        row.getInteger(17) == 1,
        row.getLong(18),
        WorkPlan.ofJson(row.getString(19)));
  }

  private static WorkTask task(Row row) {
    return new WorkTask(
        row.getString(0),
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getLong(4),
        row.getLong(5),
        WorkTask.State.valueOf(row.getString(6)),
        Optional.ofNullable(row.getString(7)),
        row.getInteger(8),
        row.getLong(9),
        row.getString(10),
        Optional.ofNullable(row.getString(11)),
        row.getLong(12),
        Optional.ofNullable(row.getLong(13)).map(OptionalLong::of).orElseGet(OptionalLong::empty),
        Optional.ofNullable(row.getString(14)).map(CommandResult::ofJson),
        WorkTask.AnswerOn.valueOf(row.getString(15)));
  }
}
