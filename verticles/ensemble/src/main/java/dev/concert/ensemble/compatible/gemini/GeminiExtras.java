package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.VendorJson;
import java.util.Map;
import java.util.Set;

/**
 * What Google's own answer says beside its parts: grounding, citations, ratings, log probabilities,
 * token counts by modality. Of several values the last counts. Not thread-safe.
 */
final class GeminiExtras {
  private static final Set<String> WRITTEN = Set.of("candidates", "modelVersion", "responseId");
  private static final Set<String> WRITTEN_IN_CANDIDATES =
      Set.of("content", "finishReason", "index");

  private final ObjectNode body = VendorJson.newObject();
  private final ObjectNode candidate = VendorJson.newObject();

  void read(JsonNode event) {
    add(event, WRITTEN, body);
    add(event.path("candidates").path(0), WRITTEN_IN_CANDIDATES, candidate);
  }

  private static void add(JsonNode from, Set<String> except, ObjectNode to) {
    for (Map.Entry<String, JsonNode> field : from.properties()) {
      if (!except.contains(field.getKey())) {
        to.set(field.getKey(), field.getValue());
      }
    }
  }

  /** Adds them to a whole answer, or to the last piece of a stream. */
  ObjectNode addTo(ObjectNode last) {
    last.setAll(body);
    ((ObjectNode) last.path("candidates").path(0)).setAll(candidate);
    return last;
  }
}
