package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * A tool call by the model.
 *
 * @param id unique within one answer
 * @param name of the tool
 * @param arguments an object, or null if the model's text is not a JSON object
 * @param rawArguments the model's own text; nullable in what a client sends back
 */
public record ToolCall(
    String id,
    String name,
    @JsonInclude(JsonInclude.Include.ALWAYS) JsonNode arguments,
    @JsonProperty("raw_arguments") String rawArguments) {

  /** Parses the arguments in the model's text; an empty text means no arguments. */
  public static ToolCall ofText(String id, String name, String text) {
    String raw = text.isBlank() ? "{}" : text;
    return new ToolCall(id, name, objectOrNull(raw), raw);
  }

  /** The arguments as JSON text, exactly as the model wrote them if that is known. */
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
      // Models do write broken JSON; null reports it to the caller.
      return null;
    }
  }
}
