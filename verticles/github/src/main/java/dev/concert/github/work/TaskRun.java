package dev.concert.github.work;

import dev.concert.error.ErrorCode;
import dev.concert.error.FailureLog;
import dev.concert.error.Problem;
import dev.concert.foundation.lease.LeaseLostException;
import dev.concert.foundation.retry.Backoff;
import dev.concert.github.api.ForgeException;
import dev.concert.github.work.WorkTask.State;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one task from where it is to its end. What is stored says where that is; each step is
 * stored before the next and can be repeated. On one context.
 */
final class TaskRun {
  private static final Logger LOG = LoggerFactory.getLogger(TaskRun.class);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1), 0.3);
  private static final int MAX_FAILURES = 8;
  private static final int MAX_TURNS = 3;

  private final TaskContext context;
  private final WorkStore store;
  private final Function<String, Future<Void>> show;
  private final String itemId;
  private final CommitCheck check;
  private final TurnPreparation preparation;
  private final ChangePublication publication;
  private final ReviewPublication review;
  private Optional<TurnFollow> follow = Optional.empty();
  private volatile boolean halted;

  /**
   * @param show makes the status comment of an item what it is now
   */
  TaskRun(TaskContext context, Function<String, Future<Void>> show, String itemId) {
    this.context = context;
    this.store = context.store();
    this.show = show;
    this.itemId = itemId;
    this.check = new CommitCheck(context);
    this.preparation = new TurnPreparation(context, check);
    this.publication = new ChangePublication(context);
    this.review = new ReviewPublication(context, check);
  }

  /** What is stored of the work now. */
  private record Now(WorkItem item, WorkTask task) {}

  /** Does nothing more; the task goes on at the next start. */
  void halt() {
    halted = true;
    follow.ifPresent(TurnFollow::halt);
  }

  /** Completes when the item has no task that is not over. */
  Future<Void> run() {
    return run(1);
  }

  private Future<Void> run(int attempt) {
    if (halted) {
      return Future.failedFuture("halted");
    }
    return now()
        .compose(
            now ->
                now.isEmpty()
                    // Another request is another review, of what the pull request is then.
                    ? store.closeReview(itemId)
                    : step(now.get())
                        .compose(_ -> show.apply(itemId))
                        .compose(_ -> run(1))
                        .recover(failure -> failed(now.get(), attempt, failure)));
  }

  private Future<Optional<Now>> now() {
    return store
        .find(itemId)
        .compose(
            item ->
                store
                    .tasks(itemId)
                    .map(
                        tasks ->
                            tasks.stream()
                                .filter(task -> !task.state().isOver())
                                .findFirst()
                                .map(task -> new Now(item.orElseThrow(), task))));
  }

  private Future<Void> failed(Now now, int attempt, Throwable failure) {
    if (halted || failure instanceof LeaseLostException) {
      return Future.failedFuture(failure);
    }
    if (attempt >= MAX_FAILURES) {
      return giveUp(now, failure);
    }
    if (mayBeRenamed(failure)) {
      return renamed(now.item())
          .otherwise(false)
          .compose(is -> is ? run(attempt + 1) : unlessFinal(now, attempt, failure));
    }
    return unlessFinal(now, attempt, failure);
  }

  private Future<Void> unlessFinal(Now now, int attempt, Throwable failure) {
    return isFinal(failure) ? giveUp(now, failure) : again(attempt, failure);
  }

  private Future<Void> again(int attempt, Throwable failure) {
    LOG.atInfo()
        .addKeyValue("tenantId", context.tenantId())
        .log("Work on a forge is tried again: {}", FailureLog.reason(failure));
    return context.services().clock().pause(BACKOFF.after(attempt)).compose(_ -> run(attempt + 1));
  }

  private Future<Void> giveUp(Now now, Throwable failure) {
    WorkTask task = now.task();
    // What the agent did is on the forge already; only its check is not.
    return (task.state() == State.CHECKING
            ? store.said(task.id(), State.DONE, task.text())
            : store.said(task.id(), State.FAILED, WorkReport.reason(failure)))
        .onSuccess(
            _ ->
                LOG.atWarn()
                    .addKeyValue("tenantId", context.tenantId())
                    .setCause(failure)
                    .log("Work on a forge is given up"))
        .compose(_ -> task.state() == State.RUNNING ? stopTurn(now.item()) : done())
        .compose(_ -> show.apply(itemId))
        .compose(_ -> run(1));
  }

  private static Future<Void> done() {
    return Future.succeededFuture();
  }

  /** Nobody follows the turn any more, for example since its member was removed. */
  private Future<Void> stopTurn(WorkItem item) {
    return context
        .services()
        .stopTurn(context.tenantId(), context.connection().userId(), item.session().orElseThrow())
        .otherwiseEmpty();
  }

  /** GitHub does not know a repository, or a token for it, by its old name. */
  private static boolean mayBeRenamed(Throwable failure) {
    return failure instanceof GitException git && !git.isMoved()
        || ForgeException.is(failure, 404)
        || ForgeException.is(failure, 422);
  }

  private Future<Boolean> renamed(WorkItem item) {
    return context
        .forge()
        .nameOf(context.connection(), item.installation(), item.repositoryId())
        .compose(
            name ->
                name.isEmpty() || name.get().equals(item.repository())
                    ? Future.succeededFuture(false)
                    : store.named(item.connectionId(), item.repositoryId(), name.get()).map(true));
  }

  /** Whether the same again would end the same. */
  private static boolean isFinal(Throwable failure) {
    if (failure instanceof ForgeException known) {
      return known.kind() == ForgeException.Kind.REFUSED;
    }
    if (failure instanceof GitException git) {
      return git.isMoved();
    }
    ErrorCode code = Problem.of(failure).code();
    return code.httpStatus() < 500
        && code != ErrorCode.TURN_IN_PROGRESS
        && code != ErrorCode.RATE_LIMITED;
  }

  private Future<Void> step(Now now) {
    return switch (now.task().state()) {
      case WAITING -> preparation.step(now.item(), now.task());
      case RUNNING -> follow(now);
      case PUBLISHING, CHECKING -> publish(now.item(), now.task());
      case DONE, FAILED, STOPPED -> Future.succeededFuture();
    };
  }

  private Future<Void> publish(WorkItem item, WorkTask task) {
    if (item.plan().isReview()) {
      return review.step(item, task);
    }
    return task.state() == State.CHECKING
        ? check.afterChange(item, task)
        : publication.step(item, task);
  }

  private Future<Void> follow(Now now) {
    TurnFollow turn =
        new TurnFollow(
            context.services(),
            context.tenantId(),
            () -> context.member(now.task()),
            now.item().session().orElseThrow(),
            now.task().turn().orElseThrow(),
            now.item().plan().mayUseTools() && context.connection().allowsTools(),
            now.item().plan().mayUseTools() && context.connection().asksPeople()
                ? Optional.of(context.questions().of(itemId))
                : Optional.empty(),
            now.task().seq());
    follow = Optional.of(turn);
    return turn.run()
        .onComplete(_ -> follow = Optional.empty())
        .compose(
            end ->
                switch (end.kind()) {
                  case COMPLETE -> store.said(now.task().id(), State.PUBLISHING, end.text());
                  case STOPPED -> store.said(now.task().id(), State.STOPPED, end.text());
                  case FAILED ->
                      end.retryable() && now.task().attempt() < MAX_TURNS
                          ? store.again(now.task().id())
                          : store.said(now.task().id(), State.FAILED, end.text());
                });
  }
}
