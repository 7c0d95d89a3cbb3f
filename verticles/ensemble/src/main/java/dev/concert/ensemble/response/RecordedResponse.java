package dev.concert.ensemble.response;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A response of OpenAI's Responses API with what was said before it.
 *
 * @param previous the response that the request continued, if any
 * @param earlier the ids of all responses before it, the oldest first; none if they are not known
 * @param input the items of the request, without those of previous responses
 */
public record RecordedResponse(
    Optional<String> previous, List<String> earlier, ArrayNode input, ObjectNode response) {
  public RecordedResponse {
    earlier = List.copyOf(earlier);
  }

  public String id() {
    return response.path("id").asText();
  }

  /** Whether it is still being made. */
  boolean isOpen() {
    return response.path("status").asText().equals("in_progress");
  }

  /** The same, as it is known when nobody makes it any more. */
  RecordedResponse lost() {
    ObjectNode failed = response.deepCopy().put("status", "failed");
    failed
        .putObject("error")
        .put("code", "server_error")
        .put(
            "message", "Ensemble ended before this response was complete. Send the request again.");
    return new RecordedResponse(previous, earlier, input, failed);
  }

  /** An item of the answer. */
  Optional<ObjectNode> item(String itemId) {
    for (JsonNode item : response.path("output")) {
      if (item.path("id").asText().equals(itemId)) {
        return Optional.of((ObjectNode) item);
      }
    }
    return Optional.empty();
  }

  /** The ids of the items of the answer. */
  List<String> itemIds() {
    List<String> ids = new ArrayList<>();
    for (JsonNode item : response.path("output")) {
      if (item.path("id").isTextual()) {
        ids.add(item.path("id").asText());
      }
    }
    return ids;
  }

  /**
   * Everything that was said up to a response.
   *
   * @param ids the responses of the conversation, the oldest first
   * @param isOpen whether the last of them is still being made
   */
  public record History(ArrayNode items, List<String> ids, boolean isOpen) {
    /**
     * @param withOutput whether the output of the last response is part of it
     */
    static History of(Iterable<RecordedResponse> chain, boolean withOutput) {
      ArrayNode items = JsonNodeFactory.instance.arrayNode();
      List<String> ids = new ArrayList<>();
      boolean open = false;
      ArrayNode last = JsonNodeFactory.instance.arrayNode();
      for (RecordedResponse each : chain) {
        items.addAll(last);
        items.addAll(each.input());
        last = JsonNodeFactory.instance.arrayNode();
        each.response().path("output").forEach(last::add);
        ids.add(each.id());
        open = each.isOpen();
      }
      return new History(withOutput ? items.addAll(last) : items, ids, open);
    }
  }
}
