package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.VendorJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What Google's own answer says beside its parts: grounding, citations, ratings, log probabilities,
 * token counts by modality, further candidates. Of several values the last counts. Not thread-safe.
 */
final class GeminiExtras {
  private static final Set<String> WRITTEN = Set.of("candidates", "modelVersion", "responseId");
  private static final Set<String> WRITTEN_IN_CANDIDATES =
      Set.of("content", "finishReason", "index");

  private final ObjectNode body = VendorJson.newObject();
  private final ObjectNode candidate = VendorJson.newObject();

  /** The candidates after the first, by their index. */
  private final Map<Integer, ObjectNode> others = new TreeMap<>();

  /**
   * Reads a piece of an answer, or a whole one.
   *
   * @return the further candidates in it, as the vendor wrote them
   */
  List<JsonNode> read(JsonNode event) {
    add(event, WRITTEN, body);
    List<JsonNode> further = new ArrayList<>();
    for (JsonNode one : event.path("candidates")) {
      int index = one.path("index").asInt();
      if (index == 0) {
        add(one, WRITTEN_IN_CANDIDATES, candidate);
      } else {
        further.add(one);
        others.merge(index, one.deepCopy(), GeminiExtras::joined);
      }
    }
    return further;
  }

  /** The parts of a stream follow each other; of anything else the last counts. */
  private static ObjectNode joined(ObjectNode before, ObjectNode more) {
    ArrayNode parts = before.withObject("/content").withArray("/parts");
    more.path("content").path("parts").forEach(parts::add);
    add(more, Set.of("content"), before);
    return before;
  }

  private static void add(JsonNode from, Set<String> except, ObjectNode to) {
    for (Map.Entry<String, JsonNode> field : from.properties()) {
      if (!except.contains(field.getKey())) {
        to.set(field.getKey(), field.getValue());
      }
    }
  }

  /** Adds what belongs to the first candidate and to all to the last piece of a stream. */
  ObjectNode addTo(ObjectNode last) {
    last.setAll(body);
    ((ObjectNode) last.path("candidates").path(0)).setAll(candidate);
    return last;
  }

  /** Adds everything that was read to a whole answer. */
  ObjectNode addAllTo(ObjectNode whole) {
    ((ArrayNode) whole.path("candidates")).addAll(others.values());
    return addTo(whole);
  }
}
