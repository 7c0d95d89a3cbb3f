package dev.concert.ensemble.compatible.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.provider.VendorEvent;
import dev.concert.json.Json;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Passes the events of Anthropic's own stream on as they are. Only the id and the model of the
 * message are Ensemble's, and the last count of tokens gets the cost. Not thread-safe.
 */
final class MessagesRelay {
  private final String id;
  private final String model;
  private ObjectNode message = VendorJson.newObject();
  private ObjectNode last = VendorJson.newObject();

  MessagesRelay(String id, String model) {
    this.id = id;
    this.model = model;
  }

  /** The data of the event for the client; empty for those that wait for the end. */
  Optional<Buffer> pass(VendorEvent event) {
    return switch (name(event)) {
      case "message_start" -> Optional.of(start(event));
      case "message_delta" -> {
        end(event.json());
        yield Optional.empty();
      }
      case "message_stop" -> Optional.empty();
      default -> Optional.of(line(event.data()));
    };
  }

  /** The name of an event; not every server sends it beside the data. */
  static String name(VendorEvent event) {
    return event.name().isEmpty() ? event.json().path("type").asText() : event.name();
  }

  private Buffer start(VendorEvent event) {
    ObjectNode start = event.json();
    if (start.path("message") instanceof ObjectNode begun) {
      message = begun.put("id", id).put("model", model);
    }
    return ExactJson.bytes(start);
  }

  /** A stream may have several; later values replace earlier ones. */
  private void end(ObjectNode delta) {
    delta
        .properties()
        .forEach(
            field -> {
              if (field.getValue() instanceof ObjectNode more
                  && last.path(field.getKey()) instanceof ObjectNode known) {
                known.setAll(more);
              } else {
                last.set(field.getKey(), field.getValue());
              }
            });
  }

  /** The last event before {@code message_stop}. */
  Buffer lastEvent(InferenceResponse response) {
    ObjectNode event = last.put("type", "message_delta");
    event.withObject("/usage").put("cost", response.cost());
    return ExactJson.bytes(event);
  }

  /** The whole message, with the content that was read from the stream. */
  ObjectNode whole(InferenceResponse response, JsonNode content) {
    ObjectNode whole = message;
    whole.set("content", content);
    last.properties()
        .forEach(
            field -> {
              switch (field.getKey()) {
                case "type" -> {
                  // Of the event, not of the message.
                }
                case "delta" -> whole.setAll((ObjectNode) field.getValue());
                case "usage" -> whole.withObject("/usage").setAll((ObjectNode) field.getValue());
                default -> whole.set(field.getKey(), field.getValue());
              }
            });
    return finished(whole, response);
  }

  /** A whole message of the vendor, as the client receives it. */
  ObjectNode whole(InferenceResponse response, ObjectNode theirs) {
    return finished(theirs.put("id", id).put("model", model), response);
  }

  private static ObjectNode finished(ObjectNode whole, InferenceResponse response) {
    whole.withObject("/usage").put("cost", response.cost());
    whole.set("routing", Json.MAPPER.valueToTree(response.routing()));
    return whole;
  }

  /** The data of an event is one line. */
  private static Buffer line(String data) {
    return data.indexOf('\n') < 0
        ? Buffer.buffer(data)
        : ExactJson.bytes(VendorJson.object(Buffer.buffer(data)));
  }
}
