package dev.concert.github.work;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.github.api.ForgeRepository;
import dev.concert.github.broker.PushListener;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/**
 * The commits that agents put on the branches of their items themselves, each recorded before the
 * forge hears of it. So what is on a branch is known to be an agent's, or somebody else's.
 * Thread-safe and non-blocking.
 */
final class AgentPushes {
  /** To be run once on the database. */
  static final String SCHEMA =
      """
      CREATE TABLE agent_push (
        item TEXT NOT NULL,
        commit_id TEXT NOT NULL,
        task TEXT NOT NULL,
        PRIMARY KEY (item, commit_id)
      ) WITHOUT ROWID;
      """;

  private final FencedDatabase database;

  /**
   * @param database with {@link #SCHEMA}, and that of the work
   */
  AgentPushes(FencedDatabase database) {
    this.database = database;
  }

  /** Records what an agent pushes to the branch of an item, which it does in a turn only. */
  PushListener of(String item) {
    return new PushListener() {
      @Override
      public Future<Void> begins(String commit) {
        return record(item, commit);
      }

      @Override
      public Future<Void> beginsFiles() {
        return database
            .query(
                "SELECT 1 FROM task WHERE item = ? AND state IN ('WAITING', 'RUNNING')",
                Tuple.of(item))
            .compose(
                rows -> rows.size() > 0 ? Future.succeededFuture() : AgentPushes.<Void>noTurn());
      }
    };
  }

  private static <T> Future<T> noTurn() {
    return Future.failedFuture(
        new ConcertException(
            ErrorCode.INVALID_MESSAGE, "No turn runs on this branch, so nothing is pushed to it."));
  }

  /** An agent pushes a commit, in the task that its item works on now. */
  private Future<Void> record(String item, String commit) {
    return database
        .update(
            """
            INSERT OR REPLACE INTO agent_push (item, commit_id, task)
            SELECT item, ?, id FROM task
            WHERE item = ? AND state IN ('WAITING', 'RUNNING') ORDER BY position LIMIT 1
            """,
            Tuple.of(commit, item))
        .compose(rows -> rows == 1 ? Future.succeededFuture() : noTurn());
  }

  /** Where an agent put the branch of its item since the last commit; empty where none did. */
  Future<Optional<String>> newHead(ForgeRepository repository, WorkItem item) {
    return repository
        .head(item.branch())
        .compose(
            head ->
                head.isEmpty() || head.equals(item.head())
                    ? Future.succeededFuture(Optional.empty())
                    : any("item = ? AND commit_id = ?", Tuple.of(item.id(), head.get()))
                        .map(isOwn -> isOwn ? head : Optional.empty()));
  }

  /** Whether it was pushed in this task. */
  Future<Boolean> has(WorkTask task, String commit) {
    return any(
        "item = ? AND commit_id = ? AND task = ?", Tuple.of(task.itemId(), commit, task.id()));
  }

  private Future<Boolean> any(String where, Tuple parameters) {
    return database
        .query("SELECT 1 FROM agent_push WHERE " + where, parameters)
        .map(rows -> rows.size() > 0);
  }
}
