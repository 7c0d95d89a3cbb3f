package dev.concert.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The lines that tell of an agent's plan: all steps when it is made, then each that begins or ends.
 */
final class AgentPlan {
  private final Map<String, String> titles = new HashMap<>();

  /** The lines of an event of type {@code plan.*}; none for a step that no plan has. */
  List<String> lines(JsonNode event) {
    String step = titles.getOrDefault(event.path("stepId").asText(), "");
    return switch (event.path("type").asText()) {
      case "plan.step_started" -> step.isEmpty() ? List.of() : List.of("◐ " + step);
      case "plan.step_completed" -> step.isEmpty() ? List.of() : List.of("● " + step);
      default -> whole(event);
    };
  }

  private List<String> whole(JsonNode event) {
    List<String> lines = new ArrayList<>();
    lines.add(event.path("title").asText(event.path("reason").asText("Plan")));
    titles.clear();
    for (JsonNode step : event.path("steps")) {
      titles.put(step.path("stepId").asText(), step.path("title").asText());
      lines.add("○ " + step.path("title").asText());
    }
    return lines;
  }
}
