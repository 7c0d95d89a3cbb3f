package dev.concert.github.work;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.concert.json.Json;
import java.util.List;

/**
 * How a command of the repository's rules ended.
 *
 * @param said the last of what it said
 */
record CommandResult(String name, boolean isGood, String said) {

  static String toJson(List<CommandResult> results) {
    try {
      return Json.MAPPER.writeValueAsString(results);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Results cannot be written as JSON", e);
    }
  }

  static List<CommandResult> ofJson(String json) {
    try {
      return Json.MAPPER.readValue(json, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Stored results are not JSON", e);
    }
  }
}
