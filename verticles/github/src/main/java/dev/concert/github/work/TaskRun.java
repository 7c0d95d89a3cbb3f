package dev.concert.github.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.foundation.lease.LeaseLostException;
import dev.concert.foundation.retry.Backoff;
import dev.concert.github.api.GitHubException;
import dev.concert.github.api.RepositoryApi;
import dev.concert.github.connection.GitHubConnection;
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
  private static final int SEARCHED = 500;

  private final String tenantId;
  private final WorkServices services;
  private final WorkStore store;
  private final AgentPushes pushes;
  private final IssueQuestions questions;
  private final GitHubConnection connection;
  private final Function<String, Future<Void>> show;
  private final String itemId;
  private final ItemGit git;
  private Optional<TurnFollow> follow = Optional.empty();
  private volatile boolean halted;

  /**
   * @param show makes the status comment of an item what it is now
   */
  TaskRun(
      String tenantId,
      WorkServices services,
      WorkStore store,
      AgentPushes pushes,
      IssueQuestions questions,
      GitHubConnection connection,
      Function<String, Future<Void>> show,
      String itemId) {
    this.tenantId = tenantId;
    this.services = services;
    this.store = store;
    this.pushes = pushes;
    this.questions = questions;
    this.connection = connection;
    this.show = show;
    this.itemId = itemId;
    this.git = new ItemGit(services, tenantId, connection);
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
                    ? Future.succeededFuture()
                    : step(now.get())
                        .compose(_ -> show.apply(itemId))
                        .compose(_ -> run(1))
                        .recover(failure -> failed(now.get().task(), attempt, failure)));
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

  private Future<Void> failed(WorkTask task, int attempt, Throwable failure) {
    if (halted || failure instanceof LeaseLostException) {
      return Future.failedFuture(failure);
    }
    boolean isFinal = isFinal(failure);
    if (!isFinal && attempt < MAX_FAILURES) {
      LOG.atInfo()
          .addKeyValue("tenantId", tenantId)
          .log("Work on GitHub is tried again: {}", failure.getMessage());
      return services.clock().pause(BACKOFF.after(attempt)).compose(_ -> run(attempt + 1));
    }
    LOG.atWarn()
        .addKeyValue("tenantId", tenantId)
        .setCause(failure)
        .log("Work on GitHub is given up");
    return store
        .said(task.id(), State.FAILED, reason(failure))
        .compose(_ -> show.apply(itemId))
        .compose(_ -> run(1));
  }

  /** Whether the same again would end the same. */
  private static boolean isFinal(Throwable failure) {
    if (failure instanceof GitHubException known) {
      return known.kind() == GitHubException.Kind.REFUSED;
    }
    ErrorCode code = Problem.of(failure).code();
    return code.httpStatus() < 500
        && code != ErrorCode.TURN_IN_PROGRESS
        && code != ErrorCode.RATE_LIMITED;
  }

  private static String reason(Throwable failure) {
    return failure instanceof GitException git
        ? "Git did not do it: " + git.getMessage()
        : Problem.of(GitHubException.atEdge(failure)).forPerson();
  }

  private Future<Void> step(Now now) {
    return switch (now.task().state()) {
      case WAITING -> begin(now);
      case RUNNING -> follow(now);
      case PUBLISHING -> publish(now);
      case DONE, FAILED, STOPPED -> Future.succeededFuture();
    };
  }

  // Before the turn

  private Future<Void> begin(Now now) {
    WorkItem item = now.item();
    if (!item.isOpen()) {
      return store.said(now.task().id(), State.STOPPED, "");
    }
    if (item.baseCommit().isEmpty()) {
      return base(item);
    }
    if (item.session().isEmpty()) {
      return session(item).compose(id -> store.inSession(item.id(), id));
    }
    if (!item.imported()) {
      return bringIn(item).compose(_ -> store.imported(item.id()));
    }
    return call(
            "run_turn",
            GatewayClient.request()
                .put("sessionId", item.session().get())
                .put("text", now.task().prompt())
                .put("clientTurnId", now.task().turnName()))
        .compose(
            started ->
                store.inTurn(
                    now.task().id(),
                    started.path("turnId").asText(),
                    Math.max(0, started.path("seq").asLong() - 1)));
  }

  private Future<Void> base(WorkItem item) {
    RepositoryApi repository = repository(item);
    return repository
        .describe()
        .compose(
            found -> {
              if (found.path("archived").asBoolean()) {
                return refused("The repository is archived, so nobody can write to it.");
              }
              String base = found.path("default_branch").asText();
              return repository
                  .head(base)
                  .compose(
                      commit ->
                          commit.isPresent()
                              ? store.beginsFrom(item.id(), base, commit.get())
                              : refused("The repository has no commit yet. Push one first."));
            });
  }

  private static <T> Future<T> refused(String sentence) {
    return Future.failedFuture(new ConcertException(ErrorCode.INVALID_MESSAGE, sentence));
  }

  /** The session of the item, also one that was made before a crash. */
  private Future<String> session(WorkItem item) {
    return call("list_sessions", GatewayClient.request().put("limit", SEARCHED))
        .compose(
            list -> {
              for (JsonNode session : list.path("sessions")) {
                if (session.path("metadata").path("workId").asText().equals(item.id())) {
                  return Future.succeededFuture(session.path("id").asText());
                }
              }
              return create(item);
            });
  }

  private Future<String> create(WorkItem item) {
    ObjectNode request =
        GatewayClient.request()
            .put("agentType", connection.agent().orElse(services.agentType()))
            .put("name", shortened("%s#%d".formatted(item.repository(), item.number())))
            .put("visibility", "tenant");
    request
        .putObject("metadata")
        .put("kind", "github")
        .put("workId", item.id())
        .put("repository", item.repository().toString())
        .put("number", item.number());
    return call("create_session", request).map(made -> made.path("session").path("id").asText());
  }

  private static String shortened(String name) {
    return name.substring(Math.max(0, name.length() - 200));
  }

  private Future<Void> bringIn(WorkItem item) {
    String commit = item.baseCommit().orElseThrow();
    WorkRepository repository = git.repository(item);
    return git.fetch(item, commit)
        .compose(
            _ ->
                files(item)
                    .bringIn(
                        out ->
                            repository.writeTar(
                                commit, item.createdMs() / 1000, git.clone(item), out)));
  }

  // The turn

  private Future<Void> follow(Now now) {
    TurnFollow turn =
        new TurnFollow(
            services,
            tenantId,
            connection.userId(),
            now.item().session().orElseThrow(),
            now.task().turn().orElseThrow(),
            connection.allowsTools(),
            connection.asksPeople() ? Optional.of(questions.of(itemId)) : Optional.empty(),
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

  // After the turn

  private Future<Void> publish(Now now) {
    WorkItem item = now.item();
    WorkTask task = now.task();
    if (!item.isOpen()) {
      return store.said(task.id(), State.STOPPED, task.text());
    }
    if (task.commit().isEmpty()) {
      return pushes
          .newHead(repository(item), item)
          .compose(
              pushed ->
                  pushed.isPresent()
                      ? store.pushed(item.id(), pushed.get())
                      : commitRest(item, task));
    }
    String commit = task.commit().get();
    if (item.head().filter(commit::equals).isEmpty()) {
      return git.push(item, commit).compose(_ -> store.pushed(item.id(), commit));
    }
    return item.pull().isEmpty()
        ? pull(item, task).compose(number -> store.opened(item.id(), number))
        : store.said(task.id(), State.DONE, task.text());
  }

  /** Commits what the agent left uncommitted, on what it pushed. */
  private Future<Void> commitRest(WorkItem item, WorkTask task) {
    return git.fetch(item, item.parent())
        .compose(_ -> git.fetch(item, item.baseCommit().orElseThrow()))
        .compose(_ -> commit(item, task))
        .compose(
            commit ->
                commit.equals(item.parent())
                    ? pushes
                        .has(task, commit)
                        .compose(
                            isOwn ->
                                isOwn
                                    ? store.committed(task.id(), commit)
                                    : store.said(task.id(), State.DONE, task.text()))
                    : store.committed(task.id(), commit));
  }

  private Future<String> commit(WorkItem item, WorkTask task) {
    return new WorkspaceChanges(services.workers(), files(item), git.repository(item), item)
        .commit(
            WorkReport.author(connection),
            task.createdMs() / 1000,
            report().commitMessage(item, task));
  }

  /** The pull request of the branch, also one that was opened before a crash. */
  private Future<Integer> pull(WorkItem item, WorkTask task) {
    RepositoryApi repository = repository(item);
    return repository
        .pullOf(item.branch())
        .compose(
            found ->
                found.isPresent()
                    ? Future.succeededFuture(found.get())
                    : git.summary(item, task)
                        .compose(
                            changes ->
                                repository.openDraft(
                                    report().pullTitle(item),
                                    item.branch(),
                                    item.base().orElseThrow(),
                                    report().pullBody(item, task, changes))))
        .compose(number -> review(repository, number, item).map(number));
  }

  /** Who asked reviews it; that GitHub refuses that, for example of an outsider, is no failure. */
  private static Future<Void> review(RepositoryApi repository, int number, WorkItem item) {
    return repository
        .requestReview(number, item.requester())
        .recover(
            failure ->
                failure instanceof GitHubException known
                        && known.kind() == GitHubException.Kind.REFUSED
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }

  // Parts

  private TransferredFiles files(WorkItem item) {
    return new TransferredFiles(
        services.workers(),
        services.bus(),
        tenantId,
        connection.userId(),
        item.session().orElseThrow());
  }

  private RepositoryApi repository(WorkItem item) {
    return services.repository(connection, item.installation(), item.repository());
  }

  private WorkReport report() {
    return new WorkReport(services.page());
  }

  private Future<JsonNode> call(String operation, ObjectNode request) {
    return services.gateway().call(tenantId, connection.userId(), operation, request);
  }
}
