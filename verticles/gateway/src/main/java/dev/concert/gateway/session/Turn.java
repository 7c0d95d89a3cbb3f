package dev.concert.gateway.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bus.Json;
import dev.concert.gateway.connection.Origin;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.OpenTurn;
import dev.concert.protocol.ServerEvent.ToolCallStart;
import dev.concert.protocol.SessionEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is going on in a turn that is not over: what a client that joins now has to know. */
final class Turn {
  private final String id;
  private final long startedAt;
  private final StringBuilder text = new StringBuilder();
  private final Map<String, ToolCallStart> openToolCalls = new LinkedHashMap<>();
  private final Map<String, SessionEvent> openQuestions = new LinkedHashMap<>();
  private final List<Origin> stopRequests = new ArrayList<>();
  private final UsageSum usage = new UsageSum();
  private boolean delivered;
  private SessionEvent start;

  Turn(String id, long startedAt) {
    this.id = id;
    this.startedAt = startedAt;
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

  /** Follows an event of this turn. */
  void follow(SessionEvent placed) {
    switch (placed.event()) {
      case ServerEvent.TurnStarted _ -> start = placed;
      case ServerEvent.TextDelta delta -> text.append(delta.text());
      case ToolCallStart start -> openToolCalls.put(start.toolCallId(), start);
      case ServerEvent.ToolResult result -> openToolCalls.remove(result.toolCallId());
      case ServerEvent.ToolError error -> openToolCalls.remove(error.toolCallId());
      case ServerEvent.QuestionRequested question ->
          openQuestions.put(question.questionId(), placed);
      case ServerEvent.PermissionRequested request ->
          openQuestions.put(request.questionId(), placed);
      case ServerEvent.ApprovalResolved resolved -> openQuestions.remove(resolved.questionId());
      case ServerEvent.UsageUpdate update -> usage.add(update);
      default -> {
        // The other events change nothing that a newcomer has to know.
      }
    }
  }

  boolean isOpen(String questionId) {
    return openQuestions.containsKey(questionId);
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

  void requestStop(Origin origin) {
    stopRequests.add(origin);
  }

  boolean stopRequested() {
    return !stopRequests.isEmpty();
  }

  /** The one whose request is answered by the event that ends the turn. */
  Optional<Origin> stopper() {
    return stopRequests.stream().findFirst();
  }

  OpenTurn snapshot() {
    List<JsonNode> questions =
        openQuestions.values().stream()
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
        id, startedAt, text.toString(), List.copyOf(openToolCalls.values()), questions);
  }
}
