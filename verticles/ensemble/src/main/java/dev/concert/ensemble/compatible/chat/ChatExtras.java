package dev.concert.ensemble.compatible.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.VendorJson;
import java.util.Optional;
import java.util.Set;

/**
 * What a server of Chat Completions sends beside what every vendor can say: log probabilities,
 * annotations, sounds, further choices, and fields that are not known. Not thread-safe.
 */
final class ChatExtras {
  private static final Set<String> CHUNK =
      Set.of("id", "object", "created", "model", "choices", "usage", "error");

  private static final Set<String> MESSAGE =
      Set.of(
          "role",
          "content",
          "refusal",
          "reasoning_content",
          "reasoning",
          "reasoning_details",
          "tool_calls",
          "function_call");

  /** The field of a choice that holds a whole message. */
  private static final String WHOLE = "message";

  private final ObjectNode top = VendorJson.newObject();
  private final ObjectNode message = VendorJson.newObject();
  private final ObjectNode logprobs = VendorJson.newObject();
  private final ArrayNode others = VendorJson.newObject().arrayNode();

  /**
   * Reads a chunk or a whole answer.
   *
   * @param field {@code delta} or {@code message}
   * @return what is new in it, as a chunk; empty if there is nothing
   */
  Optional<ObjectNode> read(JsonNode chunk, String field) {
    ObjectNode news = VendorJson.newObject();
    boolean any = frame(chunk, news);
    ArrayNode choices = news.putArray("choices");
    for (JsonNode choice : chunk.path("choices")) {
      if (choice.path("index").asInt() == 0) {
        any |= first(choice, field, choices.addObject());
      } else {
        any = true;
        choices.add(other(choice, field));
      }
    }
    if (choices.isEmpty()) {
      first(news.path("choices"), field, choices.addObject());
    }
    return any ? Optional.of(news) : Optional.empty();
  }

  private boolean frame(JsonNode chunk, ObjectNode news) {
    boolean any = false;
    for (var each : chunk.properties()) {
      boolean further = !CHUNK.contains(each.getKey()) && !each.getValue().isNull();
      if (further && !each.getValue().equals(top.get(each.getKey()))) {
        top.set(each.getKey(), each.getValue());
        news.set(each.getKey(), each.getValue());
        any = true;
      }
    }
    return any;
  }

  /** Of the first choice only what its blocks do not say. */
  private boolean first(JsonNode choice, String field, ObjectNode news) {
    boolean any = false;
    ObjectNode delta = news.put("index", 0).putObject("delta");
    for (var each : choice.path(field).properties()) {
      if (!MESSAGE.contains(each.getKey()) && !each.getValue().isNull()) {
        delta.set(each.getKey(), each.getValue());
        grow(message, each.getKey(), each.getValue());
        any = true;
      }
    }
    if (choice.path("logprobs").isObject()) {
      news.set("logprobs", choice.path("logprobs"));
      choice
          .path("logprobs")
          .properties()
          .forEach(each -> grow(logprobs, each.getKey(), each.getValue()));
      any = true;
    } else {
      news.putNull("logprobs");
    }
    news.putNull("finish_reason");
    return any;
  }

  /** A further choice is the server's own. */
  private JsonNode other(JsonNode choice, String field) {
    if (!field.equals(WHOLE)) {
      return choice;
    }
    others.add(choice);
    ObjectNode piece = choice.deepCopy();
    if (piece.remove(WHOLE) instanceof ObjectNode delta) {
      int index = 0;
      for (JsonNode call : delta.path("tool_calls")) {
        ((ObjectNode) call).put("index", index++);
      }
      piece.set("delta", delta);
    }
    return piece;
  }

  /** Adds everything that was read to a whole answer. */
  ObjectNode addTo(ObjectNode whole) {
    top.properties().forEach(each -> whole.set(each.getKey(), each.getValue()));
    if (whole.path("choices").path(0) instanceof ObjectNode choice) {
      choice.withObject("/message").setAll(message);
      if (!logprobs.isEmpty()) {
        choice.set("logprobs", logprobs);
      }
    }
    ((ArrayNode) whole.path("choices")).addAll(others);
    return whole;
  }

  /** Lists and texts of a stream grow; anything else is replaced. */
  private static void grow(ObjectNode into, String name, JsonNode piece) {
    if (piece instanceof ArrayNode more && into.path(name) instanceof ArrayNode list) {
      list.addAll(more);
    } else if (piece.isTextual() && into.path(name).isTextual()) {
      into.put(name, into.path(name).asText() + piece.asText());
    } else {
      into.set(name, piece.deepCopy());
    }
  }
}
