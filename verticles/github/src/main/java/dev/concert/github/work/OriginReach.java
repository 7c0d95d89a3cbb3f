package dev.concert.github.work;

import dev.concert.github.api.ForgeException;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.broker.GitReach;
import dev.concert.github.connection.ForgeConnection;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the git of an agent may read beside its repository: what the rules name, as far as who asked
 * for its work may read that now. So a file of rules gives nobody more than they have.
 */
record OriginReach(WorkServices services, WorkStore store) {
  Future<GitReach> of(ForgeConnection connection, WorkItem item) {
    List<RepositoryName> named =
        item.plan().submodules().stream()
            .map(name -> new RepositoryName(item.repository().owner(), name))
            .toList();
    return named.isEmpty()
        ? Future.succeededFuture(new GitReach(item.plan().largeFiles(), Set.of()))
        : store
            .tasks(item.id())
            .map(tasks -> tasks.getLast().requester())
            .compose(login -> readable(connection, item, named, login))
            .map(submodules -> new GitReach(item.plan().largeFiles(), submodules));
  }

  private Future<Set<RepositoryName>> readable(
      ForgeConnection connection, WorkItem item, List<RepositoryName> named, String login) {
    List<Future<Boolean>> answers =
        named.stream().map(one -> canRead(connection, item, one, login)).toList();
    return Future.join(answers)
        .map(
            _ ->
                named.stream()
                    .filter(one -> answers.get(named.indexOf(one)).result())
                    .collect(Collectors.toUnmodifiableSet()));
  }

  /** The App may not be installed there; then GitHub gives no token for it. */
  private Future<Boolean> canRead(
      ForgeConnection connection, WorkItem item, RepositoryName name, String login) {
    return services
        .repository(connection, item.installation(), name)
        .canRead(login)
        .recover(
            failure ->
                ForgeException.is(failure, 404) || ForgeException.is(failure, 422)
                    ? Future.succeededFuture(false)
                    : Future.failedFuture(failure));
  }
}
