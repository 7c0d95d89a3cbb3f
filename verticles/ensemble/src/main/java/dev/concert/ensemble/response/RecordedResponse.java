package dev.concert.ensemble.response;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A response of OpenAI's Responses API with what was said before it.
 *
 * @param previous the response that the request continued, if any
 * @param input the items of the request, without those of previous responses
 */
public record RecordedResponse(Optional<String> previous, ArrayNode input, ObjectNode response) {
  public String id() {
    return response.path("id").asText();
  }
}
