package dev.concert.github.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.github.api.ForgeRepository;
import dev.concert.github.review.PullDiff;
import dev.concert.github.work.WorkTask.State;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** What is done before a turn: the commit, the session, the files, and the turn's beginning. */
record TurnPreparation(TaskContext context, CommitCheck check) {
  private static final int SEARCHED = 500;
  private static final int LONGEST_NAME = 200;

  /** The next step. */
  Future<Void> step(WorkItem item, WorkTask task) {
    WorkStore store = context.store();
    if (!item.isOpen()) {
      return store.said(task.id(), State.STOPPED, "");
    }
    if (task.failedCommit().isPresent() && !task.failedCommit().equals(item.head())) {
      // Somebody asked for more meanwhile, so that check is of an old commit.
      return store.said(task.id(), State.STOPPED, "");
    }
    if (item.baseCommit().isEmpty()) {
      return item.plan().isReview() ? pullHead(item) : base(item);
    }
    if (item.session().isEmpty()) {
      return session(item, task).compose(id -> store.inSession(item.id(), id));
    }
    if (!item.imported()) {
      return bringIn(item, task).compose(_ -> store.imported(item.id()));
    }
    if (item.plan().isReview() && (task.checkRun().isEmpty() || task.results().isEmpty())) {
      return check.step(item, task, item.baseCommit().get());
    }
    return prompt(item, task).compose(prompt -> run(item, task, prompt));
  }

  private Future<Void> run(WorkItem item, WorkTask task, String prompt) {
    return context
        .call(
            task,
            "run_turn",
            GatewayClient.request()
                .put("sessionId", item.session().orElseThrow())
                .put("text", prompt)
                .put("clientTurnId", task.turnName()))
        .compose(
            started ->
                context
                    .store()
                    .inTurn(
                        task.id(),
                        started.path("turnId").asText(),
                        Math.max(0, started.path("seq").asLong() - 1)));
  }

  private Future<String> prompt(WorkItem item, WorkTask task) {
    return item.plan().isReview()
        ? context
            .repository(item)
            .reviews()
            .orElseThrow()
            .files(item.number())
            .map(
                files ->
                    task.prompt()
                        + WorkPrompt.ofDiff(PullDiff.of(files), task.results().orElse(List.of())))
        : Future.succeededFuture(task.prompt());
  }

  private Future<Void> base(WorkItem item) {
    ForgeRepository repository = context.repository(item);
    return repository
        .describe()
        .compose(
            found -> {
              if (found.isArchived()) {
                return TaskContext.refused(
                    "The repository is archived, so nobody can write to it.");
              }
              String base = found.defaultBranch();
              return repository
                  .head(base)
                  .compose(
                      commit ->
                          commit.isPresent()
                              ? context.store().beginsFrom(item.id(), base, commit.get())
                              : TaskContext.refused(
                                  "The repository has no commit yet. Push one first."));
            });
  }

  private Future<Void> pullHead(WorkItem item) {
    return context
        .repository(item)
        .change(item.number())
        .compose(
            pull ->
                pull.isEmpty()
                    ? TaskContext.refused("The pull request is not there any more.")
                    : context.store().beginsFrom(item.id(), pull.get().base(), pull.get().head()));
  }

  /** The session of the item, also one that was made before a crash. */
  private Future<String> session(WorkItem item, WorkTask task) {
    return context
        .call(task, "list_sessions", GatewayClient.request().put("limit", SEARCHED))
        .compose(
            list -> {
              for (JsonNode session : list.path("sessions")) {
                if (session.path("metadata").path("workId").asText().equals(item.id())) {
                  return Future.succeededFuture(session.path("id").asText());
                }
              }
              return create(item, task);
            });
  }

  private Future<String> create(WorkItem item, WorkTask task) {
    Optional<String> agent = item.plan().agentType().or(() -> context.connection().agent());
    String name = "%s#%d".formatted(item.repository(), item.number());
    ObjectNode request =
        GatewayClient.request()
            .put("agentType", agent.orElse(context.services().agentType()))
            .put("name", name.substring(Math.max(0, name.length() - LONGEST_NAME)))
            .put("visibility", "tenant");
    request
        .putObject("metadata")
        .put("kind", context.connection().platform())
        .put("workId", item.id())
        .put("repository", item.repository().toString())
        .put("number", item.number());
    return context
        .call(task, "create_session", request)
        .map(made -> made.path("session").path("id").asText());
  }

  private Future<Void> bringIn(WorkItem item, WorkTask task) {
    String commit = item.baseCommit().orElseThrow();
    WorkRepository repository = context.git().repository(item);
    return context
        .git()
        .fetch(item, commit)
        .compose(
            _ ->
                context
                    .files(item, task)
                    .bringIn(
                        out ->
                            repository.writeTar(
                                commit, item.createdMs() / 1000, context.git().clone(item), out)));
  }
}
