package dev.concert.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.concert.json.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * The stored form of a session event, which is that of no client protocol.
 *
 * <p>A record is stored with the number of its format, its session and its {@code seq} beside it.
 * Format 2 is the neutral record: {@code {"type", "ts", "turnId"?, "firstSeq"?, "data": {the
 * event's own fields}}}. Format 1 is an event as protocol version 1 sends it; builds before format
 * 2 wrote it, and it is read for ever. Thread-safe.
 */
public final class EventRecordCodec {
  /** The format that {@link #encode} writes. */
  public static final int FORMAT = 2;

  private static final int VERSION_1_JSON = 1;

  private EventRecordCodec() {}

  /** The neutral record of an event, without its session and its {@code seq}. */
  public static String encode(SessionEvent placed) {
    StringWriter out = new StringWriter(256);
    try (JsonGenerator json = Json.MAPPER.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("type", ServerProtocol.row(placed.event()).type());
      json.writeNumberField("ts", placed.ts());
      if (placed.turnId() != null) {
        json.writeStringField("turnId", placed.turnId());
      }
      if (placed.firstSeq() != placed.seq()) {
        json.writeNumberField("firstSeq", placed.firstSeq());
      }
      json.writeObjectFieldStart("data");
      EventFields.write(placed.event(), json);
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot encode " + placed.event().getClass().getSimpleName(), e);
    }
    return out.toString();
  }

  /**
   * The event of a stored record.
   *
   * @throws IllegalStateException when this program does not know the format
   * @throws IllegalArgumentException when the record is not an event of this format
   */
  public static SessionEvent decode(int format, String sessionId, long seq, String record) {
    return switch (format) {
      case VERSION_1_JSON -> EventCodec.decodeSessionEvent(record);
      case FORMAT -> neutral(sessionId, seq, record);
      default ->
          throw new IllegalStateException(
              "Event %d of session %s has format %d, this program reads formats up to %d. Start a newer Concert."
                  .formatted(seq, sessionId, format, FORMAT));
    };
  }

  /** Reads on while it parses: the record's own fields come before the event's. */
  private static SessionEvent neutral(String sessionId, long seq, String record) {
    String type = "";
    String turnId = null;
    long firstSeq = seq;
    long ts = 0;
    ServerEvent event = null;
    try (JsonParser json = Json.MAPPER.createParser(record)) {
      json.nextToken();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        switch (name) {
          case "type" -> type = json.getText();
          case "ts" -> ts = json.getLongValue();
          case "turnId" -> turnId = json.getValueAsString();
          case "firstSeq" -> firstSeq = json.getLongValue();
          case "data" -> event = EventFields.read(type, json);
          default -> json.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Event %d of session %s cannot be read".formatted(seq, sessionId), e);
    }
    if (event == null) {
      throw new IllegalArgumentException(
          "Event %d of session %s is empty".formatted(seq, sessionId));
    }
    return new SessionEvent(sessionId, seq, firstSeq, ts, turnId, event);
  }
}
