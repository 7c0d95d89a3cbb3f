package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * A tool that the model wants to be run.
 *
 * @param id unique within one answer
 * @param name of the tool
 * @param arguments object, or null when the model's text is no JSON object
 * @param rawArguments the model's own text; nullable in what a client sends back
 */
public record ToolCall(
    String id,
    String name,
    @JsonInclude(JsonInclude.Include.ALWAYS) JsonNode arguments,
    @JsonProperty("raw_arguments") String rawArguments) {

  /** Reads the arguments out of the model's text; no text at all means no arguments. */
  public static ToolCall ofText(String id, String name, String text) {
    String raw = text.isBlank() ? "{}" : text;
    return new ToolCall(id, name, objectOrNull(raw), raw);
  }

  /** The arguments as JSON text, in the model's own words where they are known. */
  public String argumentsText() {
    if (rawArguments != null) {
      return rawArguments;
    }
    return arguments == null || arguments.isNull() ? "{}" : arguments.toString();
  }

  private static JsonNode objectOrNull(String text) {
    try {
      JsonNode node = ExactJson.MAPPER.readTree(text);
      return node.isObject() ? node : null;
    } catch (JsonProcessingException e) {
      // Not a defect: models do write broken JSON, and the caller is told by the null.
      return null;
    }
  }
}
