package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;

/** Answers that are not what they should be. */
public final class BrokenAnswer {
  private BrokenAnswer() {}

  /**
   * @param what completes "The provider …"; nothing the model wrote
   */
  public static ConcertException of(String provider, String what) {
    return new ConcertException(
        ErrorCode.PROVIDER_FAILED, "The provider '" + provider + "' " + what + ".");
  }

  /**
   * The object in an event.
   *
   * @throws ConcertException {@code PROVIDER_FAILED} when it is none
   */
  public static JsonNode object(String provider, String data) {
    try {
      JsonNode node = ExactJson.MAPPER.readTree(data);
      if (node.isObject()) {
        return node;
      }
    } catch (JsonProcessingException e) {
      // Without the cause: its text repeats what the model wrote.
      throw of(provider, "sent something that is not valid JSON");
    }
    throw of(provider, "sent something that is not an object");
  }
}
