package dev.concert.gateway.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.concert.error.Problem;
import dev.concert.gateway.billing.HeldCredit;
import dev.concert.json.Json;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.OpenTurn;
import dev.concert.protocol.ServerEvent.ToolCallStart;
import dev.concert.protocol.SessionEvent;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What is going on in a turn that is not over: what a client that joins now has to know. */
final class Turn {
  /** A newcomer is shown no more than the last so many characters; the rest is in the events. */
  private static final int MAX_TEXT = 256 << 10;

  private final String id;
  private final long startedAt;
  private final Optional<HeldCredit> credit;
  private final StringBuilder text = new StringBuilder();
  private final OpenItems openToolCalls = new OpenItems();
  private final OpenItems openQuestions = new OpenItems();
  private final List<Promise<SessionEvent>> stopRequests = new ArrayList<>();
  private final UsageAccumulator usage = new UsageAccumulator();
  private boolean delivered;
  private SessionEvent start;

  /**
   * @param credit what the turn holds; empty where it needs none
   */
  Turn(String id, long startedAt, Optional<HeldCredit> credit) {
    this.id = id;
    this.startedAt = startedAt;
    this.credit = credit;
  }

  static String newId() {
    return "turn_" + UUID.randomUUID();
  }

  String id() {
    return id;
  }

  /** The event that started this turn, if its client gave it this name. */
  Optional<SessionEvent> startedAs(String clientTurnId) {
    return Optional.ofNullable(start)
        .filter(
            placed ->
                placed.event() instanceof ServerEvent.TurnStarted event
                    && clientTurnId.equals(event.clientTurnId()));
  }

  /** What the person wrote. */
  String request() {
    return start.event() instanceof ServerEvent.TurnStarted event ? event.text() : "";
  }

  /** The event that started this turn. */
  SessionEvent start() {
    return start;
  }

  /** Follows an event of this turn. */
  void follow(SessionEvent placed) {
    switch (placed.event()) {
      case ServerEvent.TurnStarted _ -> start = placed;
      case ServerEvent.TextDelta delta -> add(delta.text());
      case ToolCallStart start -> openToolCalls.add(start.toolCallId(), placed);
      case ServerEvent.ToolResult result -> openToolCalls.remove(result.toolCallId());
      case ServerEvent.ToolError error -> openToolCalls.remove(error.toolCallId());
      case ServerEvent.QuestionRequested question ->
          openQuestions.add(question.questionId(), placed);
      case ServerEvent.PermissionRequested request ->
          openQuestions.add(request.questionId(), placed);
      case ServerEvent.ApprovalResolved resolved -> openQuestions.remove(resolved.questionId());
      case ServerEvent.UsageUpdate update -> usage.add(update);
      default -> {
        // The other events change nothing that a newcomer has to know.
      }
    }
  }

  private void add(String delta) {
    text.append(delta);
    if (text.length() > 2 * MAX_TEXT) {
      text.delete(0, text.length() - MAX_TEXT);
    }
  }

  boolean isOpen(String questionId) {
    return openQuestions.find(questionId).isPresent();
  }

  /** These answers as everybody may see them: {@code true} stands for a secret. */
  Map<String, JsonNode> shown(String questionId, Map<String, JsonNode> answers) {
    if (answers == null
        || !(openQuestions.find(questionId).map(SessionEvent::event).orElse(null)
            instanceof ServerEvent.QuestionRequested question)) {
      return answers;
    }
    Map<String, JsonNode> shown = new LinkedHashMap<>(answers);
    shown.replaceAll((key, value) -> question.isOpen(key) ? value : BooleanNode.TRUE);
    return shown;
  }

  boolean waitsForPerson() {
    return !openQuestions.isEmpty();
  }

  ServerEvent.UsageTotals usage() {
    return usage.totals();
  }

  /** The agent has the message: from now on it is the agent that ends the turn. */
  void delivered() {
    delivered = true;
  }

  boolean isDelivered() {
    return delivered;
  }

  /** Notes that somebody wants this turn to end; the future is the event that ends it. */
  Future<SessionEvent> requestStop() {
    Promise<SessionEvent> end = Promise.promise();
    stopRequests.add(end);
    return end.future();
  }

  boolean stopRequested() {
    return !stopRequests.isEmpty();
  }

  /** Why a model call of the turn was refused, if that was for want of credit. */
  Optional<Problem> creditRefusal() {
    return credit.flatMap(HeldCredit::refusal);
  }

  /** Answers everyone who wanted this turn to end, and has its credit settled. */
  void ended(AsyncResult<SessionEvent> last) {
    credit.ifPresent(HeldCredit::turnEnded);
    List<Promise<SessionEvent>> answered = List.copyOf(stopRequests);
    stopRequests.clear();
    answered.forEach(one -> one.handle(last));
  }

  OpenTurn snapshot() {
    List<JsonNode> questions =
        openQuestions.all().stream()
            .map(EventCodec::encode)
            .<JsonNode>map(
                json -> {
                  try {
                    return Json.MAPPER.readTree(json);
                  } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                    throw new IllegalStateException("An event's own JSON cannot be read", e);
                  }
                })
            .toList();
    return new OpenTurn(
        id,
        startedAt,
        text.substring(Math.max(0, text.length() - MAX_TEXT)),
        openToolCalls.all().stream()
            .map(SessionEvent::event)
            .map(ToolCallStart.class::cast)
            .toList(),
        questions);
  }
}
