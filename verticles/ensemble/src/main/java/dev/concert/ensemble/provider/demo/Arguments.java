package dev.concert.ensemble.provider.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.bus.Json;
import java.util.Map;

/** The arguments of a tool call as the JSON text that a model would write. */
final class Arguments {
  private Arguments() {}

  static String text(Map<String, Object> arguments) {
    try {
      return Json.MAPPER.writeValueAsString(arguments);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Texts and lists can always be written as JSON", e);
    }
  }
}
