package dev.concert.coordinator.state;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.coordinator.ipc.AgentFrame.Delta;

/**
 * The part of JSON Patch that agents use: {@code add}, {@code replace} and {@code remove}. Two
 * things are looser than RFC 6902, because an agent's first delta finds no state yet: {@code
 * replace} of a key that is not there adds it, {@code remove} of one does nothing.
 */
final class JsonPatch {
  private JsonPatch() {}

  /**
   * Applies one operation, changing {@code document} where it can.
   *
   * @return the document after it: another node when the path names the whole document
   * @throws IllegalArgumentException when the operation fits nowhere; the document is as it was
   */
  static JsonNode apply(JsonNode document, Delta delta) {
    JsonPointer path = JsonPointer.compile(delta.path());
    JsonNode value = delta.value() == null ? NullNode.instance : delta.value();
    if (path.matches()) {
      return "remove".equals(delta.op()) ? JsonNodeFactory.instance.objectNode() : value;
    }
    String key = path.last().getMatchingProperty();
    switch (document.at(path.head())) {
      case ObjectNode object -> changeObject(object, key, delta.op(), value);
      case ArrayNode array -> changeArray(array, key, delta, value);
      default -> throw new IllegalArgumentException("Nothing lies at " + path.head());
    }
    return document;
  }

  private static void changeObject(ObjectNode object, String key, String op, JsonNode value) {
    switch (op) {
      case "add", "replace" -> object.set(key, value);
      case "remove" -> object.remove(key);
      default -> throw new IllegalArgumentException("Unknown operation " + op);
    }
  }

  private static void changeArray(ArrayNode array, String key, Delta delta, JsonNode value) {
    int index = index(array, key, delta);
    switch (delta.op()) {
      case "add" -> array.insert(index, value);
      case "replace" -> array.set(index, value);
      case "remove" -> array.remove(index);
      default -> throw new IllegalArgumentException("Unknown operation " + delta.op());
    }
  }

  private static int index(ArrayNode array, String key, Delta delta) {
    boolean adds = "add".equals(delta.op());
    if ("-".equals(key) && adds) {
      return array.size();
    }
    if (!key.matches("0|[1-9][0-9]{0,8}")
        || Integer.parseInt(key) >= array.size() + (adds ? 1 : 0)) {
      throw new IllegalArgumentException("No place " + delta.path() + " in the list");
    }
    return Integer.parseInt(key);
  }
}
