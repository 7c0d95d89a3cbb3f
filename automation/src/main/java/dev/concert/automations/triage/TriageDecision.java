package dev.concert.automations.triage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.json.Json;
import dev.concert.text.ShortText;
import java.util.Optional;
import java.util.Set;

/**
 * What an agent decided about an item.
 *
 * @param decision {@code merge}, {@code rate}, {@code close} or {@code ask}
 * @param into id of the item that it is merged into; empty for the others
 * @param severity for {@code rate}; empty for the others
 * @param question for {@code ask}; empty for the others
 * @param reason a sentence; empty where it says none
 */
public record TriageDecision(
    String decision, String into, String severity, String question, String reason) {
  /** Source of the event that an agent gets. */
  public static final String SOURCE = "triage";

  private static final Set<String> SEVERITIES = Set.of("info", "warning", "error");
  private static final int MAX_TRIES = 50;
  private static final int MAX_TEXT = 2000;

  /** Tells an agent how to answer. */
  public static final String INSTRUCTIONS =
      """
      Decide what becomes of the item of the event. End your answer with one JSON object, which is one of these:
      {"decision":"merge","into":"ID of one of openItems","reason":"…"} when it says the same as that item,
      {"decision":"rate","severity":"info, warning or error","reason":"…"} when its severity is wrong,
      {"decision":"close","reason":"…"} when nobody needs to see it,
      {"decision":"ask","question":"…","reason":"…"} when a person has to decide.\
      """;

  /** The last decision in an answer; empty if there is none that can be followed. */
  public static Optional<TriageDecision> of(String answer) {
    int tries = 0;
    for (int at = answer.lastIndexOf('{');
        at >= 0 && tries < MAX_TRIES;
        at = answer.lastIndexOf('{', at - 1)) {
      tries++;
      Optional<JsonNode> json = json(answer.substring(at));
      if (json.filter(one -> one.has("decision")).isPresent()) {
        return json.map(TriageDecision::read).filter(TriageDecision::isWhole);
      }
      if (at == 0) {
        break;
      }
    }
    return Optional.empty();
  }

  private static Optional<JsonNode> json(String text) {
    try {
      // People and models go on after it.
      return Optional.ofNullable(
          Json.MAPPER
              .reader()
              .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
              .readTree(text));
    } catch (JsonProcessingException notJson) {
      return Optional.empty();
    }
  }

  private static TriageDecision read(JsonNode json) {
    return new TriageDecision(
        json.path("decision").asText(),
        json.path("into").asText(),
        json.path("severity").asText(),
        cut(json.path("question").asText()),
        cut(json.path("reason").asText()));
  }

  private static String cut(String text) {
    return ShortText.of(text, MAX_TEXT);
  }

  private boolean isWhole() {
    return switch (decision) {
      case "merge" -> !into.isBlank();
      case "rate" -> SEVERITIES.contains(severity);
      case "close" -> true;
      case "ask" -> !question.isBlank();
      default -> false;
    };
  }
}
