package dev.concert.ensemble.message;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * The format of the answer's text.
 *
 * @param name of the schema; nullable
 * @param schema JSON Schema of the answer; null unless the type is {@code json_schema}
 * @param strict whether the provider enforces the schema strictly; nullable
 */
public record ResponseFormat(Type type, String name, JsonNode schema, Boolean strict) {
  /** The type of the format. */
  public enum Type {
    @JsonProperty("text")
    TEXT,
    /** Any JSON object. */
    @JsonProperty("json_object")
    JSON_OBJECT,
    @JsonProperty("json_schema")
    JSON_SCHEMA
  }

  public String nameOrDefault() {
    return name == null || name.isBlank() ? "answer" : name;
  }
}
