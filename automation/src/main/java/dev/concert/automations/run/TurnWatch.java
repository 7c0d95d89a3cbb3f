package dev.concert.automations.run;

import static java.util.Comparator.naturalOrder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.automation.AutomationPolicy;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the events of a turn say about a run. Not thread-safe. */
final class TurnWatch {
  private final String turnId;
  private final AutomationPolicy policy;

  /** Questions without an answer, and when they were asked. */
  private final Map<String, Instant> open = new LinkedHashMap<>();

  private final List<String> refusals = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private BigDecimal cost = BigDecimal.ZERO;
  private Optional<End> end = Optional.empty();

  TurnWatch(String turnId, AutomationPolicy policy) {
    this.turnId = turnId;
    this.policy = policy;
  }

  /**
   * How the turn ended.
   *
   * @param error a sentence; empty when it ended by itself or was stopped
   */
  record End(boolean stopped, String error, boolean retryable) {}

  /** What has to be done because of an event. */
  sealed interface Step {
    /** The agent gets this answer. */
    record Answer(String questionId, boolean approved) implements Step {}

    /** The question gets no answer. */
    record Dismiss(String questionId) implements Step {}

    /** A person has to answer. */
    record Ask(String questionId, String text) implements Step {}
  }

  /** Takes an event of the session; those of other turns change nothing. */
  Optional<Step> add(JsonNode event) {
    if (!turnId.equals(event.path("turnId").asText()) || end.isPresent()) {
      return Optional.empty();
    }
    switch (event.path("type").asText()) {
      case "text_delta" -> text.append(event.path("text").asText());
      case "tool_call_start" -> text.setLength(0);
      case "usage_update" -> cost = cost.add(decimal(event.path("cost")));
      case "approval_resolved" -> open.remove(event.path("questionId").asText());
      case "permission_requested" -> {
        return Optional.of(permission(event));
      }
      case "question_requested" -> {
        return Optional.of(question(event));
      }
      case "turn_complete" -> complete(event);
      case "turn_error" ->
          end =
              Optional.of(
                  new End(
                      false, event.path("message").asText(), event.path("retryable").asBoolean()));
      default -> {
        // A run needs nothing else.
      }
    }
    return Optional.empty();
  }

  private static BigDecimal decimal(JsonNode cost) {
    try {
      return new BigDecimal(cost.asText("0"));
    } catch (NumberFormatException unknown) {
      return BigDecimal.ZERO;
    }
  }

  private Step permission(JsonNode event) {
    String id = event.path("questionId").asText();
    String tool = event.path("toolName").asText();
    open.put(id, Instant.ofEpochMilli(event.path("ts").asLong()));
    return switch (policy.permissions()) {
      case DENY -> refuse(id, tool);
      case ALLOW_LIST ->
          policy.allowedTools().contains(tool) ? new Step.Answer(id, true) : refuse(id, tool);
      case WAIT ->
          new Step.Ask(
              id,
              "The agent asks to use `%s`:\n\n```\n%s\n```\nAnswer in the session."
                  .formatted(tool, event.path("arguments")));
    };
  }

  private Step refuse(String id, String tool) {
    refusals.add(tool);
    return new Step.Answer(id, false);
  }

  private Step question(JsonNode event) {
    String id = event.path("questionId").asText();
    open.put(id, Instant.ofEpochMilli(event.path("ts").asLong()));
    if (policy.permissions() != AutomationPolicy.Permissions.WAIT) {
      return new Step.Dismiss(id);
    }
    StringBuilder asked = new StringBuilder();
    event.path("questions").forEach(one -> asked.append(one.path("prompt").asText()).append('\n'));
    return new Step.Ask(id, asked + "\nAnswer in the session.");
  }

  private void complete(JsonNode event) {
    String last = event.path("finalText").asText();
    if (!last.isEmpty()) {
      text.setLength(0);
      text.append(last);
    }
    end = Optional.of(new End(event.path("stopReason").asText().equals("stopped"), "", false));
  }

  Optional<End> end() {
    return end;
  }

  /** Since when the agent has waited for an answer; empty when it does not wait. */
  Optional<Instant> waitsSince() {
    return end.isPresent() ? Optional.empty() : open.values().stream().min(naturalOrder());
  }

  boolean waitsFor(String questionId) {
    return open.containsKey(questionId) && end.isEmpty();
  }

  /** US dollars so far. */
  BigDecimal cost() {
    return cost;
  }

  /** What the agent said last. */
  String text() {
    return text.toString();
  }

  /** The tools that it was not allowed to use. */
  List<String> refusals() {
    return List.copyOf(refusals);
  }
}
