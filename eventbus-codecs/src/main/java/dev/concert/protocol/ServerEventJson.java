package dev.concert.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import java.io.IOException;

/** A server event as a field of a bus message: {@code {"type", "data": {its own fields}}}. */
public final class ServerEventJson {
  private ServerEventJson() {}

  /** Writes the event. */
  public static final class Writer extends JsonSerializer<ServerEvent> {
    @Override
    public void serialize(ServerEvent event, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeStartObject();
      json.writeStringField("type", ServerProtocol.row(event).type());
      json.writeObjectFieldStart("data");
      EventFields.write(event, json);
      json.writeEndObject();
      json.writeEndObject();
    }
  }

  /** Reads the event. */
  public static final class Reader extends JsonDeserializer<ServerEvent> {
    @Override
    public ServerEvent deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      JsonNode tree = context.readTree(json);
      return EventFields.read(tree.path("type").asText(), tree.path("data"));
    }
  }
}
