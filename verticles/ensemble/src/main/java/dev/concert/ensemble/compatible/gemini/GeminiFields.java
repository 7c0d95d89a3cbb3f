package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.VendorJson;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads fields by their name in camel case or in snake case: the API accepts both, as JSON of
 * protocol buffers does.
 */
final class GeminiFields {
  private GeminiFields() {}

  /** The field; a missing node if there is none or it is null. */
  static JsonNode get(JsonNode object, String camel) {
    JsonNode value = object.path(camel);
    if (value.isMissingNode()) {
      value = object.path(snake(camel));
    }
    return value.isNull() ? object.path("") : value;
  }

  static Optional<ObjectNode> object(JsonNode parent, String camel, String path) {
    JsonNode value = get(parent, camel);
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    if (value instanceof ObjectNode object) {
      return Optional.of(object);
    }
    throw VendorJson.wrong(path + camel, "must be an object");
  }

  /** An array, or an empty one if the field is missing. */
  static JsonNode array(JsonNode parent, String camel, String path) {
    JsonNode value = get(parent, camel);
    if (value.isMissingNode()) {
      return VendorJson.newObject().arrayNode();
    }
    if (!value.isArray()) {
      throw VendorJson.wrong(path + camel, "must be an array");
    }
    return value;
  }

  static String text(JsonNode parent, String camel) {
    return get(parent, camel).asText("");
  }

  private static String snake(String camel) {
    return camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /** The name in camel case. */
  static String camel(String name) {
    StringBuilder camel = new StringBuilder();
    boolean upper = false;
    for (char letter : name.toCharArray()) {
      if (letter == '_') {
        upper = true;
      } else {
        camel.append(upper ? Character.toUpperCase(letter) : letter);
        upper = false;
      }
    }
    return camel.toString();
  }
}
