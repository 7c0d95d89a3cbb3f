package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * What a provider sent that only it understands: signatures, encrypted reasoning, citations, server
 * tools. Kept by whoever keeps the conversation, and given back to that provider unchanged.
 *
 * <p>It is text and not JSON inside JSON, so that no mapper on the way can reorder a field, round a
 * number or escape a character otherwise.
 *
 * @param origin who made it and who alone reads it: {@code anthropic}, {@code openai}, {@code
 *     gemini}, or the name of a provider that speaks another's form
 * @param json JSON text of an object; what is in it is the adapter's own business
 */
public record Opaque(String origin, String json) {
  /** Nothing but the end of a block: the next piece of the same kind begins another one. */
  public static Opaque end(String origin) {
    return new Opaque(origin, "{}");
  }

  /** True for a payload that says nothing but where its block ends. */
  @JsonIgnore
  public boolean isOnlyEnd() {
    return json.equals("{}");
  }

  public static Opaque of(String origin, JsonNode payload) {
    return new Opaque(origin, ExactJson.text(payload));
  }

  /** The payload, if it is of this origin. */
  public Optional<JsonNode> from(String wanted) {
    return origin.equals(wanted) ? Optional.of(payload()) : Optional.empty();
  }

  /** False when it is no JSON object; a client may have sent anything. */
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
