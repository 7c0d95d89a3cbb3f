package dev.concert.ensemble.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.json.Json;
import java.util.Map;

/** Writes the arguments of a tool call as JSON, as a model would. */
final class ToolArguments {
  private ToolArguments() {}

  static String text(Map<String, Object> arguments) {
    try {
      return Json.MAPPER.writeValueAsString(arguments);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Texts and lists can always be written as JSON", e);
    }
  }
}
