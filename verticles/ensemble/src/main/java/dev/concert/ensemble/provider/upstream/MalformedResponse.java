package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;

/** Failures for responses that break the vendor's protocol. */
public final class MalformedResponse {
  private MalformedResponse() {}

  /**
   * @param what completes "The provider …"; must not contain text of the model
   */
  public static ConcertException of(String provider, String what) {
    return new ConcertException(
        ErrorCode.PROVIDER_FAILED, "The provider '" + provider + "' " + what + ".");
  }

  /**
   * Parses the JSON object of an event.
   *
   * @throws ConcertException {@code PROVIDER_FAILED} if it is not a JSON object
   */
  public static JsonNode object(String provider, String data) {
    return object(provider, json(provider, data));
  }

  /** The same of JSON that is parsed. */
  static JsonNode object(String provider, JsonNode node) {
    if (node.isObject()) {
      return node;
    }
    throw of(provider, "sent something that is not an object");
  }

  /**
   * Parses any JSON.
   *
   * @throws ConcertException {@code PROVIDER_FAILED} if it is none
   */
  static JsonNode json(String provider, String data) {
    try {
      return ExactJson.MAPPER.readTree(data);
    } catch (JsonProcessingException e) {
      // Without the cause, whose message may repeat text of the model.
      throw of(provider, "sent something that is not valid JSON");
    }
  }
}
