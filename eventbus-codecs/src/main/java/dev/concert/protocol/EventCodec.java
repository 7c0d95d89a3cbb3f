package dev.concert.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.json.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * Events to and from the JSON of the WebSocket protocols: the fields that every session event has
 * and the event's own fields are side by side in one object. What is stored has another form:
 * {@link EventRecordCodec}. Thread-safe.
 */
public final class EventCodec {
  private EventCodec() {}

  /**
   * JSON of a reply that is no session event.
   *
   * @param requestId echoed; null for none
   */
  public static String encode(ServerEvent event, String requestId) {
    return write(event, requestId, null);
  }

  /** JSON of a session event. */
  public static String encode(SessionEvent event) {
    return write(event.event(), null, event);
  }

  /** JSON of a session event for the client whose request led to it. */
  public static String encode(SessionEvent event, String requestId) {
    return write(event.event(), requestId, event);
  }

  /**
   * JSON of a reply that is no event: its {@link ReplyType} and its fields.
   *
   * @param requestId echoed; null for none
   */
  public static String encodeReply(Record reply, String requestId) {
    return write(ReplyType.of(reply.getClass()), reply, requestId, null);
  }

  private static String write(ServerEvent event, String requestId, SessionEvent place) {
    return write(ServerProtocol.row(event).type(), event, requestId, place);
  }

  private static String write(String type, Object fields, String requestId, SessionEvent place) {
    StringWriter out = new StringWriter(256);
    try (JsonGenerator json = Json.MAPPER.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("type", type);
      if (requestId != null) {
        json.writeStringField("requestId", requestId);
      }
      if (place != null) {
        writePlace(json, place);
      }
      EventFields.write(fields, json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot encode " + fields.getClass().getSimpleName(), e);
    }
    return out.toString();
  }

  private static void writePlace(JsonGenerator json, SessionEvent place) throws IOException {
    json.writeStringField("sessionId", place.sessionId());
    json.writeNumberField("seq", place.seq());
    if (place.firstSeq() != place.seq()) {
      json.writeNumberField("firstSeq", place.firstSeq());
    }
    json.writeNumberField("ts", place.ts());
    if (place.turnId() != null) {
      json.writeStringField("turnId", place.turnId());
    }
  }

  /**
   * The session event in a frame or a stored row.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static SessionEvent decodeSessionEvent(String json) {
    JsonNode tree = tree(json);
    if (!tree.hasNonNull("sessionId") || !tree.hasNonNull("seq")) {
      throw new IllegalArgumentException("Not a session event: no 'sessionId' or 'seq'");
    }
    long seq = tree.get("seq").longValue();
    return new SessionEvent(
        tree.get("sessionId").textValue(),
        seq,
        tree.path("firstSeq").asLong(seq),
        tree.path("ts").longValue(),
        tree.hasNonNull("turnId") ? tree.get("turnId").textValue() : null,
        event(tree));
  }

  /**
   * The event in a frame, without its place in a session.
   *
   * @throws IllegalArgumentException when it is none of this protocol
   */
  public static ServerEvent decode(String json) {
    return event(tree(json));
  }

  private static JsonNode tree(String json) {
    try {
      return Json.MAPPER.readTree(json);
    } catch (IOException e) {
      throw new IllegalArgumentException("Not JSON", e);
    }
  }

  private static ServerEvent event(JsonNode tree) {
    return EventFields.read(tree.path("type").asText(), tree);
  }
}
