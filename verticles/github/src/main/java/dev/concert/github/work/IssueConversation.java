package dev.concert.github.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.error.Problem;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.github.api.IssueRef;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.webhook.ForgeEvent;
import dev.concert.github.webhook.ForgeEventType;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Answers what people ask on an issue or pull request beside work, and passes on what they answer
 * to an agent's question. Only people with write access get an answer. Everything can be done
 * again.
 */
final class IssueConversation {
  private static final Set<ForgeEventType> COMMENTS =
      Set.of(ForgeEventType.ISSUE_COMMENTED, ForgeEventType.PR_COMMENTED);
  private static final int SHOWN_MODELS = 20;

  private final String tenantId;
  private final WorkServices services;
  private final WorkStore store;
  private final IssueQuestions questions;
  private final ReplySink replies;

  /** Puts a comment that replies to one of somebody. */
  @FunctionalInterface
  interface ReplySink {
    Future<Void> put(ForgeConnection connection, ForgeEvent event, String body);
  }

  IssueConversation(
      String tenantId,
      WorkServices services,
      WorkStore store,
      IssueQuestions questions,
      ReplySink replies) {
    this.tenantId = tenantId;
    this.services = services;
    this.store = store;
    this.questions = questions;
    this.replies = replies;
  }

  /** Whether an event was answered here: then it asks for no work. */
  Future<Boolean> take(ForgeConnection connection, ForgeEvent event) {
    Optional<IssueCommand> command =
        COMMENTS.contains(event.type()) && !event.isBot()
            ? IssueCommand.of(connection, event.text())
            : Optional.empty();
    if (command.isEmpty()) {
      return Future.succeededFuture(false);
    }
    return services
        .forge(connection)
        .serves(connection, event)
        .compose(
            isServed ->
                isServed
                    ? store
                        .openFor(
                            connection.id(),
                            event.repositoryId(),
                            new IssueRef(event.number(), event.isAboutPull()))
                        .compose(item -> take(connection, event, command.get(), item))
                    : Future.succeededFuture(false));
  }

  private Future<Boolean> take(
      ForgeConnection connection, ForgeEvent event, IssueCommand command, Optional<WorkItem> item) {
    return switch (command.name()) {
      case HELP -> reply(connection, event, Future.succeededFuture(IssueCommand.HELP));
      case STATUS -> reply(connection, event, status(item));
      case MODEL -> reply(connection, event, models(connection, event));
      // What runs is stopped as work ends; a pull request may be of work that lacks its number yet.
      case STOP ->
          item.isPresent() || event.isAboutPull()
              ? Future.succeededFuture(false)
              : reply(connection, event, Future.succeededFuture("Nothing is running here."));
      case YES, NO, OTHER -> answered(connection, event, command, item);
    };
  }

  /** Words that answer no open question are for the agent, unless they name a question. */
  private Future<Boolean> answered(
      ForgeConnection connection, ForgeEvent event, IssueCommand command, Optional<WorkItem> item) {
    return item.flatMap(WorkItem::session)
        .map(session -> questions.answer(item.get().id(), session, command))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()))
        .compose(
            answer ->
                answer.isPresent()
                    ? permitted(connection, event)
                        .compose(
                            may ->
                                may
                                    ? answer(connection, event, item.get(), answer.get())
                                    : Future.succeededFuture())
                        .map(true)
                    : command.number() == 0
                        ? Future.succeededFuture(false)
                        : reply(
                            connection,
                            event,
                            Future.succeededFuture("This question is no longer open.")));
  }

  private Future<Boolean> permitted(ForgeConnection connection, ForgeEvent event) {
    return services
        .repository(
            connection, event.installation(), new RepositoryName(event.owner(), event.repository()))
        .canWrite(event.sender());
  }

  private Future<Boolean> reply(ForgeConnection connection, ForgeEvent event, Future<String> body) {
    return permitted(connection, event)
        .compose(
            may ->
                may
                    ? body.compose(text -> replies.put(connection, event, text))
                    : Future.succeededFuture())
        .map(true);
  }

  private Future<String> status(Optional<WorkItem> item) {
    return item.isEmpty()
        ? Future.succeededFuture("I am doing nothing here.")
        : store
            .tasks(item.get().id())
            .map(
                tasks ->
                    tasks.stream().anyMatch(task -> !task.state().isOver())
                        ? "I am working on it."
                        : "I am doing nothing here. My work is on the branch `%s`."
                            .formatted(item.get().branch()));
  }

  private Future<String> models(ForgeConnection connection, ForgeEvent event) {
    return call(connection, event, "list_models", GatewayClient.request())
        .map(
            listed -> {
              List<String> models = new ArrayList<>();
              for (JsonNode one : listed.path("models")) {
                models.add("`" + one.path("id").asText() + "`");
              }
              return "I use `%s` here. There are: %s."
                  .formatted(
                      listed.path("defaultModel").asText(""),
                      String.join(", ", models.stream().limit(SHOWN_MODELS).toList()));
            });
  }

  /** In the name of who writes. */
  private Future<JsonNode> call(
      ForgeConnection connection, ForgeEvent event, String operation, ObjectNode request) {
    return services
        .member(connection, event.senderId())
        .compose(userId -> services.gateway().call(tenantId, userId, operation, request));
  }

  /**
   * What was answered elsewhere meanwhile needs no answer. The same comment, told again by another
   * webhook, asks for no work.
   */
  private Future<Void> answer(
      ForgeConnection connection, ForgeEvent event, WorkItem item, ObjectNode answer) {
    return store
        .steered(WorkStart.ofComment(connection, event), item.id())
        .compose(_ -> call(connection, event, "answer_question", answer))
        .<Void>mapEmpty()
        .recover(
            failure ->
                Problem.of(failure).code().httpStatus() < 500 && !WorkServices.isForbidden(failure)
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }
}
