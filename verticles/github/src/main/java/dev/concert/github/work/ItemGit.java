package dev.concert.github.work;

import dev.concert.github.broker.GitBroker.OpenGrant;
import dev.concert.github.broker.GitGrant;
import dev.concert.github.broker.GitReach;
import dev.concert.github.connection.ForgeConnection;
import io.vertx.core.Future;

/**
 * Git for the items of one connection: it reaches the forge through the broker, without a token.
 */
record ItemGit(WorkServices services, String tenantId, ForgeConnection connection) {
  @FunctionalInterface
  private interface GitWork {
    void run(OpenGrant grant) throws Exception;
  }

  WorkRepository repository(WorkItem item) {
    return new WorkRepository(services.folder().resolve(tenantId).resolve(item.id()));
  }

  /** What the workspace of the item gets beside the files. */
  WorkspaceClone clone(WorkItem item) {
    return new WorkspaceClone(
        repository(item).folder(),
        item.repository(),
        item.branch(),
        item.base().orElseThrow(),
        new WorkReport(services.page(), services.forge(connection)).author(connection));
  }

  /** What git may do for the item. */
  GitGrant grant(WorkItem item) {
    return grant(item, GitReach.NONE);
  }

  /** The same, with more that it may read. */
  GitGrant grant(WorkItem item, GitReach reach) {
    return new GitGrant(
        tenantId + "/" + item.id(),
        services.forge(connection).git(connection, item.installation(), item.repository()),
        item.repository(),
        item.branch(),
        reach);
  }

  /** Gets a commit, unless it is here. */
  Future<Void> fetch(WorkItem item, String commit) {
    WorkRepository repository = repository(item);
    return withGrant(
        item,
        grant -> {
          if (!repository.has(commit)) {
            repository.fetch(grant, commit);
          }
        });
  }

  /** Puts a commit on the branch of the item. */
  Future<Void> push(WorkItem item, String commit) {
    return withGrant(
        item, grant -> repository(item).push(grant, commit, item.branch(), item.head()));
  }

  /** What the item changed so far, for people. */
  Future<String> summary(WorkItem item, WorkTask task) {
    WorkRepository repository = repository(item);
    return services
        .workers()
        .executeBlocking(
            () -> repository.summary(item.baseCommit().orElseThrow(), task.commit().orElseThrow()),
            false);
  }

  /** Lets git reach the repository of the item, and write its branch, for as long as it works. */
  private Future<Void> withGrant(WorkItem item, GitWork work) {
    OpenGrant grant = services.broker().open(grant(item));
    return services
        .workers()
        .<Void>executeBlocking(
            () -> {
              work.run(grant);
              return null;
            },
            false)
        .onComplete(_ -> services.broker().close(grant));
  }
}
