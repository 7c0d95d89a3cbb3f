package dev.concert.github.work;

import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.webhook.ForgeEvent;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/** Has an agent mend what the check of another App, or a workflow, says of its newest commit. */
record FailedChecks(WorkStore store, WorkStart start) {
  private static final Set<String> FAILURES = Set.of("failure", "timed_out", "startup_failure");
  private static final int MAX_MENDED = 3;

  /** A check is over. */
  Future<Void> handle(ForgeConnection connection, ForgeEvent event) {
    if (!FAILURES.contains(event.detail())
        || event.more().app() == connection.accountId()
        || event.more().isFork()
        || event.more().branch().isEmpty()) {
      return Future.succeededFuture();
    }
    return store
        .openOn(connection.id(), event.repositoryId(), event.more().branch())
        .compose(
            item ->
                item.isEmpty()
                    ? Future.succeededFuture()
                    : store
                        .tasks(item.get().id())
                        .compose(
                            tasks ->
                                isToMend(tasks, event.more().head())
                                    ? start.mend(connection, item.get(), event)
                                    : Future.succeededFuture()));
  }

  /** The commit may be on GitHub before we know that it is. */
  private static boolean isToMend(List<WorkTask> tasks, String head) {
    boolean isNewest =
        tasks.stream()
            .flatMap(task -> task.commit().stream())
            .reduce((_, later) -> later)
            .filter(head::equals)
            .isPresent();
    long mended = tasks.stream().filter(task -> task.failedCommit().isPresent()).count();
    return isNewest && mended < MAX_MENDED;
  }
}
