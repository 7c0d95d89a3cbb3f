package dev.concert.github.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.foundation.retry.Backoff;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Follows the events of a turn to its end. What the agent asks for is granted or refused, or people
 * are asked on the issue, as the connection says. On one context.
 */
final class TurnFollow {
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), 0.3);
  private static final Set<ErrorCode> FINAL =
      Set.of(ErrorCode.SESSION_NOT_FOUND, ErrorCode.AUTH_FAILED, ErrorCode.FORBIDDEN);

  private final Vertx vertx;
  private final GatewayClient gateway;
  private final String tenantId;
  private final Supplier<Future<String>> member;
  private final String sessionId;
  private final String turnId;
  private final boolean allows;
  private final Optional<People> people;
  private final StringBuilder text = new StringBuilder();
  private final Promise<TurnEnd> over = Promise.promise();
  private long seq;
  private int failures;
  private volatile boolean halted;

  /** Asks people what the agent asks. */
  interface People {
    Future<Void> ask(JsonNode event);

    /** It is answered, wherever that was. */
    Future<Void> resolved(JsonNode event);
  }

  /**
   * @param member in whose name it is followed, asked for each call
   * @param allows whether the agent gets the permissions that it asks for
   * @param people whom to ask; empty for nobody
   * @param seq number of the last event before the turn
   */
  TurnFollow(
      WorkServices services,
      String tenantId,
      Supplier<Future<String>> member,
      String sessionId,
      String turnId,
      boolean allows,
      Optional<People> people,
      long seq) {
    this.vertx = services.vertx();
    this.gateway = services.gateway();
    this.tenantId = tenantId;
    this.member = member;
    this.sessionId = sessionId;
    this.turnId = turnId;
    this.allows = allows;
    this.people = people;
    this.seq = seq;
  }

  /** Fails when it is halted, or when nobody will show us the turn any more. */
  Future<TurnEnd> run() {
    next();
    return over.future();
  }

  void halt() {
    halted = true;
  }

  /** One page after the other; a chain of futures would grow with the length of the turn. */
  private void next() {
    if (halted) {
      over.tryFail("halted");
      return;
    }
    member
        .get()
        .compose(userId -> gateway.events(tenantId, userId, sessionId, seq))
        .compose(page -> take(page.events()))
        .onComplete(
            _ -> {
              failures = 0;
              if (!over.future().isComplete()) {
                vertx.runOnContext(_ -> next());
              }
            },
            this::failed);
  }

  private void failed(Throwable failure) {
    if (FINAL.contains(Problem.of(failure).code())) {
      over.tryFail(failure);
    } else {
      failures++;
      vertx.setTimer(BACKOFF.after(failures).toMillis(), _ -> next());
    }
  }

  private Future<Void> take(List<JsonNode> events) {
    List<Future<?>> answers = new ArrayList<>();
    for (JsonNode event : events) {
      seq = Math.max(seq, event.path("seq").asLong());
      if (turnId.equals(event.path("turnId").asText())) {
        take(event, answers);
      }
    }
    return Future.join(answers).mapEmpty();
  }

  private void take(JsonNode event, List<Future<?>> answers) {
    switch (event.path("type").asText()) {
      case "text_delta" -> text.append(event.path("text").asText());
      case "tool_call_start" -> text.setLength(0);
      case "permission_requested" ->
          answers.add(asked(event).orElseGet(() -> answer(event, "approved", allows)));
      case "question_requested" ->
          answers.add(asked(event).orElseGet(() -> answer(event, "dismissed", true)));
      case "approval_resolved" -> people.ifPresent(one -> answers.add(one.resolved(event)));
      case "turn_complete" -> {
        String last = event.path("finalText").asText();
        boolean isStopped = event.path("stopReason").asText().equals("stopped");
        over.tryComplete(
            new TurnEnd(
                isStopped ? TurnEnd.Kind.STOPPED : TurnEnd.Kind.COMPLETE,
                last.isBlank() ? text.toString() : last,
                false));
      }
      case "turn_error" ->
          over.tryComplete(
              new TurnEnd(
                  TurnEnd.Kind.FAILED,
                  event.path("message").asText(),
                  event.path("retryable").asBoolean()));
      default -> {
        // Nothing else is needed.
      }
    }
  }

  private Optional<Future<Void>> asked(JsonNode event) {
    return people.filter(_ -> IssueQuestions.isForIssues(event)).map(one -> one.ask(event));
  }

  /** A replay after a crash may have the answer already. */
  private Future<Void> answer(JsonNode event, String field, boolean value) {
    ObjectNode request =
        GatewayClient.request()
            .put("sessionId", sessionId)
            .put("questionId", event.path("questionId").asText())
            .put(field, value);
    return member
        .get()
        .compose(userId -> gateway.call(tenantId, userId, "answer_question", request))
        .<Void>mapEmpty()
        .recover(
            failure ->
                Problem.of(failure).code().httpStatus() < 500 && !WorkServices.isForbidden(failure)
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }
}
