package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.provider.VendorEvent;
import dev.concert.json.Json;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Passes the events of OpenAI's own stream on as they are. Only the id and the model of the
 * response are Ensemble's, and the last count of tokens gets the cost. Not thread-safe.
 */
final class ResponsesRelay {
  private final ResponseObject answer;
  private final ArrayNode items = JsonNodeFactory.instance.arrayNode();
  private ObjectNode last = VendorJson.newObject();
  private long number;

  ResponsesRelay(ResponseObject answer) {
    this.answer = answer;
  }

  /** An event for the client. */
  record Passed(String type, Buffer data) {}

  /** Empty for the last one, which waits for the end of the call. */
  Optional<Passed> pass(VendorEvent event) {
    ObjectNode data = event.json();
    String type = data.path("type").asText();
    number = data.path("sequence_number").asLong(number) + 1;
    switch (type) {
      case "response.completed", "response.incomplete" -> {
        last = data;
        return Optional.empty();
      }
      case "response.output_item.done" -> items.add(data.path("item"));
      default -> {
        if (data.path("response") instanceof ObjectNode response) {
          named(response, answer.model());
          return Optional.of(new Passed(type, ExactJson.bytes(data)));
        }
      }
    }
    // The text itself, unless it has several lines.
    Buffer same =
        event.data().indexOf('\n') < 0 ? Buffer.buffer(event.data()) : ExactJson.bytes(data);
    return Optional.of(new Passed(type, same));
  }

  /** The items that are complete so far. */
  ArrayNode items() {
    return items;
  }

  /** The number of the next event. */
  long number() {
    return number;
  }

  /**
   * The last event.
   *
   * @param whole the whole response
   */
  Passed lastEvent(ObjectNode whole) {
    last.set("response", whole);
    return new Passed(last.path("type").asText(), ExactJson.bytes(last));
  }

  /** The whole response of a stream. */
  ObjectNode whole(InferenceResponse response) {
    ObjectNode whole =
        last.path("response") instanceof ObjectNode theirs ? theirs : VendorJson.newObject();
    if (whole.path("output").isEmpty()) {
      whole.set("output", items);
    }
    return finished(whole, response);
  }

  /** A whole response of the vendor, as the client receives it. */
  ObjectNode finished(ObjectNode whole, InferenceResponse response) {
    named(whole, response.model());
    whole.withObject("/usage").put("cost", response.cost());
    return whole.set("routing", Json.MAPPER.<JsonNode>valueToTree(response.routing()));
  }

  private void named(ObjectNode response, String model) {
    answer.referable(response).put("model", model);
  }
}
