package dev.concert.ensemble.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A JSON Schema within what the API takes for structured output, as the vendor's own SDKs convert
 * it: no object has more fields than those that are named, and rules that the API does not know
 * become words of the description.
 *
 * <p>Rules:
 * https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations
 */
final class OutputSchema {
  private static final String MORE = "additionalProperties";
  private static final String DESCRIPTION = "description";

  private static final Set<String> KNOWN =
      Set.of(
          "type",
          "properties",
          "required",
          MORE,
          DESCRIPTION,
          "title",
          "default",
          "enum",
          "const",
          "items",
          "anyOf",
          "allOf",
          "$ref",
          "$defs",
          "definitions",
          "format",
          "minItems");

  private static final Set<String> FORMATS =
      Set.of(
          "date-time",
          "time",
          "date",
          "duration",
          "email",
          "hostname",
          "uri",
          "ipv4",
          "ipv6",
          "uuid");

  private OutputSchema() {}

  /** Empty if it has an object with any fields, which the API cannot enforce. */
  static Optional<ObjectNode> of(JsonNode schema) {
    return isOpen(schema) ? Optional.empty() : Optional.of((ObjectNode) closed(schema));
  }

  private static boolean isOpen(JsonNode schema) {
    boolean anyFields =
        isObject(schema)
            && (schema.path(MORE).isObject()
                || schema.path(MORE).asBoolean()
                || schema.path("properties").isEmpty() && !isFalse(schema.path(MORE)));
    if (anyFields) {
      return true;
    }
    for (JsonNode part : schema) {
      if (part.isContainerNode() && isOpen(part)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isFalse(JsonNode value) {
    return value.isBoolean() && !value.asBoolean();
  }

  private static boolean isObject(JsonNode schema) {
    if (schema.path("type").isArray()) {
      for (JsonNode type : schema.path("type")) {
        if (type.asText().equals("object")) {
          return true;
        }
      }
    }
    return schema.path("type").asText().equals("object") && !schema.has("$ref");
  }

  private static JsonNode closed(JsonNode schema) {
    if (!(schema instanceof ObjectNode object)) {
      return schema;
    }
    ObjectNode closed = JsonNodeFactory.instance.objectNode();
    ObjectNode words = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      JsonNode value = field.getValue();
      switch (field.getKey()) {
        case "properties", "$defs", "definitions" -> closed.set(field.getKey(), each(value));
        case "items" -> closed.set("items", closed(value));
        case "anyOf", "allOf" -> closed.set(field.getKey(), list(value));
        case "oneOf" -> closed.set("anyOf", list(value));
        default -> (isKnown(field.getKey(), value) ? closed : words).set(field.getKey(), value);
      }
    }
    if (isObject(closed)) {
      closed.put(MORE, false);
    }
    if (!words.isEmpty()) {
      String before = closed.path(DESCRIPTION).asText();
      closed.put(DESCRIPTION, (before.isEmpty() ? "" : before + "\n\n") + ExactJson.text(words));
    }
    return closed;
  }

  private static boolean isKnown(String field, JsonNode value) {
    return switch (field) {
      case "format" -> FORMATS.contains(value.asText());
      case "minItems" -> List.of(0, 1).contains(value.asInt(-1));
      default -> KNOWN.contains(field);
    };
  }

  private static JsonNode each(JsonNode schemas) {
    ObjectNode each = JsonNodeFactory.instance.objectNode();
    schemas.properties().forEach(field -> each.set(field.getKey(), closed(field.getValue())));
    return each;
  }

  private static JsonNode list(JsonNode schemas) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    schemas.forEach(schema -> list.add(closed(schema)));
    return list;
  }
}
