package dev.concert.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.util.NameTransformer;
import dev.concert.json.Json;
import java.io.IOException;

/** An event's own fields, to and from JSON. Thread-safe. */
final class EventFields {
  private static final ClassValue<JsonSerializer<Object>> SERIALIZERS =
      new ClassValue<>() {
        @Override
        protected JsonSerializer<Object> computeValue(Class<?> type) {
          try {
            return Json.MAPPER
                .getSerializerProviderInstance()
                .findValueSerializer(type)
                .unwrappingSerializer(NameTransformer.NOP);
          } catch (JsonMappingException e) {
            throw new IllegalStateException("No serializer for " + type.getName(), e);
          }
        }
      };

  /** A parser of a whole record has more after the event, so trailing tokens are its own matter. */
  private static final ClassValue<ObjectReader> READERS =
      new ClassValue<>() {
        @Override
        protected ObjectReader computeValue(Class<?> type) {
          return Json.MAPPER
              .readerFor(type)
              .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        }
      };

  private EventFields() {}

  /** Writes the fields into the object that is open. */
  static void write(Object event, JsonGenerator json) throws IOException {
    SERIALIZERS
        .get(event.getClass())
        .serialize(event, json, Json.MAPPER.getSerializerProviderInstance());
  }

  /**
   * The event of this type with these fields.
   *
   * @throws IllegalArgumentException when no event has this type, or a field does not fit
   */
  static ServerEvent read(String type, JsonNode fields) {
    try (JsonParser tokens = Json.MAPPER.treeAsTokens(fields)) {
      return read(type, tokens);
    } catch (IOException e) {
      throw new IllegalArgumentException("Not an event of type '" + type + "'", e);
    }
  }

  /**
   * The same from the object that begins at or after the parser's place; the parser then stands at
   * its end.
   */
  static ServerEvent read(String type, JsonParser fields) throws IOException {
    ServerProtocol.Row row =
        ServerProtocol.row(type)
            .orElseThrow(() -> new IllegalArgumentException("Unknown event type '" + type + "'"));
    return READERS.get(row.event()).readValue(fields);
  }
}
