package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.VendorJson;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Converts the API's {@code Schema}, a dialect of OpenAPI 3.0, to JSON Schema.
 *
 * <p>Format: https://ai.google.dev/api/caching#Schema
 */
final class GeminiSchema {
  /** Numbers that the API also accepts as strings, because they are of type {@code int64}. */
  private static final Set<String> COUNTS =
      Set.of("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties");

  private GeminiSchema() {}

  static ObjectNode toJsonSchema(JsonNode schema, String field) {
    if (!(schema instanceof ObjectNode)) {
      throw VendorJson.wrong(field, "must be an object");
    }
    ObjectNode node = VendorJson.newObject();
    for (Map.Entry<String, JsonNode> entry : schema.properties()) {
      set(node, GeminiFields.camel(entry.getKey()), entry.getValue(), field);
    }
    if (schema.path("nullable").asBoolean() && node.path("type").isTextual()) {
      String type = node.path("type").asText();
      node.putArray("type").add(type).add("null");
    }
    return node;
  }

  private static void set(ObjectNode node, String name, JsonNode value, String field) {
    switch (name) {
      case "type" -> {
        String type = value.asText().toLowerCase(Locale.ROOT);
        if (!type.equals("type_unspecified")) {
          node.put("type", type);
        }
      }
      case "nullable", "propertyOrdering", "example" -> {
        // No keywords of JSON Schema; nullable is part of the type.
      }
      case "format" -> {
        if (!value.asText().equals("enum")) {
          node.set(name, value);
        }
      }
      case "items" -> node.set(name, toJsonSchema(value, field + ".items"));
      case "properties" -> {
        ObjectNode properties = node.putObject(name);
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
          properties.set(
              entry.getKey(),
              toJsonSchema(entry.getValue(), field + ".properties." + entry.getKey()));
        }
      }
      case "anyOf" -> {
        ArrayNode any = node.putArray(name);
        value.forEach(one -> any.add(toJsonSchema(one, field + ".anyOf")));
      }
      default ->
          node.set(
              name,
              COUNTS.contains(name) && value.isTextual() && value.asText().matches("\\d{1,18}")
                  ? JsonNodeFactory.instance.numberNode(Long.parseLong(value.asText()))
                  : value);
    }
  }
}
