package dev.concert.github.work;

import dev.concert.github.api.ForgeException;
import dev.concert.github.api.ForgeRepository;
import dev.concert.github.work.WorkTask.State;
import io.vertx.core.Future;

/** Puts on the forge what an agent changed: a commit, the branch, the pull request. */
record ChangePublication(TaskContext context) {

  /** The next step. */
  Future<Void> step(WorkItem item, WorkTask task) {
    WorkStore store = context.store();
    if (!item.isOpen()) {
      return store.said(task.id(), State.STOPPED, task.text());
    }
    if (!item.plan().mayChange()) {
      return store.said(task.id(), State.DONE, task.text());
    }
    if (task.commit().isEmpty()) {
      return context
          .pushes()
          .newHead(context.repository(item), item)
          .compose(
              pushed ->
                  pushed.isPresent()
                      ? store.pushed(item.id(), pushed.get())
                      : commitRest(item, task));
    }
    String commit = task.commit().get();
    if (item.head().filter(commit::equals).isEmpty()) {
      return context.git().push(item, commit).compose(_ -> store.pushed(item.id(), commit));
    }
    return item.pull().isEmpty()
        ? pull(item, task).compose(number -> store.opened(item.id(), number))
        : store.said(task.id(), State.CHECKING, task.text());
  }

  /** Commits what the agent left uncommitted, on what it pushed. */
  private Future<Void> commitRest(WorkItem item, WorkTask task) {
    WorkStore store = context.store();
    return context
        .git()
        .fetch(item, item.parent())
        .compose(_ -> context.git().fetch(item, item.baseCommit().orElseThrow()))
        .compose(_ -> commit(item, task))
        .compose(
            commit ->
                commit.equals(item.parent())
                    ? context
                        .pushes()
                        .has(task, commit)
                        .compose(
                            isOwn ->
                                isOwn
                                    ? store.committed(task.id(), commit)
                                    : store.said(task.id(), State.DONE, task.text()))
                    : store.committed(task.id(), commit));
  }

  private Future<String> commit(WorkItem item, WorkTask task) {
    return new WorkspaceChanges(
            context.services().workers(),
            context.files(item, task),
            context.git().repository(item),
            item)
        .commit(
            context.report().author(context.connection()),
            task.createdMs() / 1000,
            context.report().commitMessage(item, task));
  }

  /** The pull request of the branch, also one that was opened before a crash. */
  private Future<Integer> pull(WorkItem item, WorkTask task) {
    ForgeRepository repository = context.repository(item);
    WorkReport report = context.report();
    return repository
        .changeOf(item.branch())
        .compose(
            found ->
                found.isPresent()
                    ? Future.succeededFuture(found.get())
                    : context
                        .git()
                        .summary(item, task)
                        .compose(
                            changes ->
                                repository.openDraft(
                                    report.pullTitle(item),
                                    item.branch(),
                                    item.base().orElseThrow(),
                                    report.pullBody(item, task, changes))))
        .compose(number -> review(repository, number, task).map(number));
  }

  /** Who asked reviews it; that GitHub refuses that, for example of an outsider, is no failure. */
  private static Future<Void> review(ForgeRepository repository, int number, WorkTask task) {
    return repository
        .requestReview(number, task.requester(), task.requesterId())
        .recover(
            failure ->
                failure instanceof ForgeException known
                        && known.kind() == ForgeException.Kind.REFUSED
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }
}
