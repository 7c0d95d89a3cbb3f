package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * Data that only its provider understands: signatures, encrypted reasoning, citations, server
 * tools. The client keeps it with the conversation, and it goes back to that provider unchanged.
 *
 * <p>The payload is a string and not nested JSON, so that no mapper can reorder fields, round
 * numbers or change escapes.
 *
 * @param origin the only one that writes and reads it: {@code anthropic}, {@code openai}, {@code
 *     gemini}, or the name of a provider that uses another vendor's API
 * @param json the text of a JSON object; its content is known to the adapter only
 */
public record Opaque(String origin, String json) {
  /** Marks only the end of a block: the next piece of the same kind begins another one. */
  public static Opaque end(String origin) {
    return new Opaque(origin, "{}");
  }

  /** Whether it marks only the end of a block. */
  @JsonIgnore
  public boolean isOnlyEnd() {
    return json.equals("{}");
  }

  public static Opaque of(String origin, JsonNode payload) {
    return new Opaque(origin, ExactJson.text(payload));
  }

  /** The payload, if it has this origin. */
  public Optional<JsonNode> from(String wanted) {
    return origin.equals(wanted) ? Optional.of(payload()) : Optional.empty();
  }

  /** Whether it is a JSON object; a client may send anything. */
  @JsonIgnore
  public boolean isReadable() {
    try {
      return ExactJson.MAPPER.readTree(json).isObject();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private JsonNode payload() {
    try {
      return ExactJson.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An opaque payload is checked when it is read", e);
    }
  }
}
