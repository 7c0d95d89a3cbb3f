package dev.concert.github.work;

import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.webhook.ForgeEvent;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Begins work, goes on with it, and ends it. What is durable when a future succeeds is done. */
final class WorkStart {
  private static final int ID_BYTES = 8;
  private static final int BRANCH_DIGITS = 6;

  private final String tenantId;
  private final WorkServices services;
  private final WorkStore store;
  private final Function<String, Future<Void>> show;
  private final Consumer<String> wake;

  /**
   * @param show makes the status comment of an item what it is now
   * @param wake an item may have something to do
   */
  WorkStart(
      String tenantId,
      WorkServices services,
      WorkStore store,
      Function<String, Future<Void>> show,
      Consumer<String> wake) {
    this.tenantId = tenantId;
    this.services = services;
    this.store = store;
    this.show = show;
    this.wake = wake;
  }

  /**
   * Begins work on an issue or a pull request.
   *
   * @param key of what asked for it; the same again changes nothing
   */
  Future<Void> begin(
      ForgeConnection connection, ForgeEvent event, String key, String prompt, WorkPlan plan) {
    long now = services.clock().now().toEpochMilli();
    String taskId = id(connection, key);
    String itemId = hash(taskId);
    WorkItem item =
        new WorkItem(
            itemId,
            connection.id(),
            event.installation(),
            new RepositoryName(event.owner(), event.repository()),
            event.repositoryId(),
            event.number(),
            event.title(),
            event.sender(),
            event.senderId(),
            "concert/issue-%d-%s".formatted(event.number(), itemId.substring(0, BRANCH_DIGITS)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            true,
            now,
            plan);
    return store
        .begin(
            connection.platform(),
            item,
            task(taskId, itemId, prompt, event, WorkTask.AnswerOn.STATUS, now))
        .compose(_ -> show.apply(itemId))
        .onSuccess(_ -> wake.accept(itemId));
  }

  private static WorkTask task(
      String id,
      String itemId,
      String prompt,
      ForgeEvent event,
      WorkTask.AnswerOn answerOn,
      long now) {
    return WorkTask.waiting(
        id,
        itemId,
        prompt,
        event.sender(),
        event.senderId(),
        event.isOnLine() ? event.commentId() : 0,
        answerOn,
        now);
  }

  /** A turn that runs is steered; otherwise this is the next one. */
  Future<Void> goOn(ForgeConnection connection, WorkItem item, ForgeEvent event) {
    String id = ofComment(connection, event);
    long now = services.clock().now().toEpochMilli();
    WorkTask next = task(id, item.id(), WorkPrompt.more(event), event, answerOn(item, event), now);
    return store
        .isSteered(id)
        .compose(
            isSteered ->
                isSteered
                    ? Future.succeededFuture()
                    : store.tasks(item.id()).compose(tasks -> goOn(connection, item, next, tasks)));
  }

  /** Where it was asked; a review is its own answer. */
  private static WorkTask.AnswerOn answerOn(WorkItem item, ForgeEvent event) {
    if (event.isOnLine() || item.plan().isReview()) {
      return WorkTask.AnswerOn.STATUS;
    }
    return event.isAboutPull() ? WorkTask.AnswerOn.CHANGE : WorkTask.AnswerOn.ISSUE;
  }

  private Future<Void> goOn(
      ForgeConnection connection, WorkItem item, WorkTask next, List<WorkTask> tasks) {
    boolean isKnown = tasks.stream().anyMatch(one -> one.id().equals(next.id()));
    boolean isRunning = tasks.stream().anyMatch(one -> one.state() == WorkTask.State.RUNNING);
    return (isKnown || !isRunning || next.isReply()
            ? Future.succeededFuture(false)
            : steer(connection, item, next))
        .compose(steered -> steered ? store.steered(next.id(), item.id()) : store.add(next))
        .compose(_ -> show.apply(item.id()))
        .onSuccess(_ -> wake.accept(item.id()));
  }

  private Future<Boolean> steer(ForgeConnection connection, WorkItem item, WorkTask task) {
    return services
        .member(connection, task.requesterId())
        .compose(
            userId ->
                services
                    .gateway()
                    .call(
                        tenantId,
                        userId,
                        "steer",
                        GatewayClient.request()
                            .put("sessionId", item.session().orElseThrow())
                            .put("text", task.prompt())))
        .map(true)
        .recover(
            failure ->
                Problem.of(failure).code() == ErrorCode.NO_TURN
                    ? Future.succeededFuture(false)
                    : Future.failedFuture(failure));
  }

  /** Another turn, since the check of a commit failed. */
  Future<Void> mend(ForgeConnection connection, WorkItem item, ForgeEvent event) {
    long now = services.clock().now().toEpochMilli();
    String id =
        id(connection, item.id().substring(0, ID_BYTES)) + WorkTask.ofCheck(event.more().head());
    return store
        .add(
            WorkTask.waiting(
                id,
                item.id(),
                WorkPrompt.failedCheck(event),
                item.requester(),
                item.requesterId(),
                0,
                WorkTask.AnswerOn.STATUS,
                now))
        .compose(_ -> show.apply(item.id()))
        .onSuccess(_ -> wake.accept(item.id()));
  }

  /** Somebody asks to stop it, and may stop its turn. */
  Future<Void> stop(ForgeConnection connection, WorkItem item, ForgeEvent event) {
    return item.session()
        .map(
            session ->
                services
                    .member(connection, event.senderId())
                    .compose(userId -> services.stopTurn(tenantId, userId, session)))
        .orElseGet(Future::succeededFuture)
        .compose(_ -> close(item));
  }

  /** Stops the turn; nothing more is done on the item. */
  Future<Void> close(WorkItem item) {
    return store
        .close(item.id())
        .compose(_ -> services.connections().find(item.connectionId()))
        .compose(
            connection ->
                connection.isEmpty() || item.session().isEmpty()
                    ? Future.succeededFuture()
                    : services
                        .stopTurn(tenantId, connection.get().userId(), item.session().get())
                        .recover(
                            failure ->
                                Problem.of(failure).code().httpStatus() < 500
                                    ? Future.succeededFuture()
                                    : Future.failedFuture(failure)))
        .compose(_ -> show.apply(item.id()));
  }

  /** What a comment asks for has this id. */
  static String ofComment(ForgeConnection connection, ForgeEvent event) {
    return id(connection, "comment:" + event.commentId());
  }

  private static String id(ForgeConnection connection, String key) {
    return "github:" + connection.id().substring(0, ID_BYTES) + ":" + key;
  }

  private static String hash(String text) {
    try {
      byte[] all =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(all, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("Every Java platform has SHA-256", e);
    }
  }
}
