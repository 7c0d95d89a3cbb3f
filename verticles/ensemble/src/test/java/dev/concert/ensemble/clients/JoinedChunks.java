package dev.concert.ensemble.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.EnsembleClient;
import java.util.Set;

/**
 * Joins the chunks of a stream of Chat Completions as OpenAI's SDKs do: texts are appended, lists
 * are joined by the index of their entries, and anything else is replaced.
 */
final class JoinedChunks {
  private static final String DATA = "data: ";

  private static final Set<String> REPLACED = Set.of("index", "type");

  private JoinedChunks() {}

  /**
   * The choices by their index, each with a {@code message}.
   *
   * @param stream the body of the answer
   */
  static ArrayNode of(String stream) {
    ArrayNode choices = JsonNodeFactory.instance.arrayNode();
    stream
        .lines()
        .filter(line -> line.startsWith(DATA + "{"))
        .map(line -> EnsembleClient.json(line.substring(DATA.length())))
        .forEach(chunk -> chunk.path("choices").forEach(choice -> join(choices, choice)));
    return choices;
  }

  private static void join(ArrayNode choices, JsonNode choice) {
    ObjectNode whole = at(choices, choice.path("index").asInt());
    ObjectNode piece = choice.deepCopy();
    join(whole.withObject("/message"), (ObjectNode) piece.remove("delta"));
    join(whole, piece);
  }

  private static ObjectNode at(ArrayNode list, int index) {
    while (list.size() <= index) {
      list.addObject();
    }
    return (ObjectNode) list.path(index);
  }

  private static void join(ObjectNode whole, ObjectNode piece) {
    piece
        .properties()
        .forEach(
            field -> {
              String name = field.getKey();
              JsonNode before = whole.path(name);
              JsonNode more = field.getValue();
              if (more.isTextual() && before.isTextual() && !REPLACED.contains(name)) {
                whole.put(name, before.asText() + more.asText());
              } else if (more instanceof ObjectNode object) {
                join(whole.withObject("/" + name), object);
              } else if (more instanceof ArrayNode list) {
                ArrayNode joined = whole.withArray("/" + name);
                list.forEach(
                    entry -> {
                      int index = entry.path("index").asInt(joined.size());
                      join(at(joined, index), (ObjectNode) entry);
                    });
              } else if (!more.isNull() || before.isMissingNode()) {
                whole.set(name, more);
              }
            });
  }
}
