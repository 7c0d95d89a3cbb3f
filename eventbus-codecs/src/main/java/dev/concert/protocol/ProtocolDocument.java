package dev.concert.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bus.Json;
import java.lang.reflect.RecordComponent;

/** The protocol as data, made from the two tables: what {@code docs/protocol.json} holds. */
public final class ProtocolDocument {
  private ProtocolDocument() {}

  public static ObjectNode create() {
    ObjectNode document = Json.MAPPER.createObjectNode();
    document.put("protocolVersion", ClientProtocol.VERSION);
    document.put("maxFrameBytes", ClientProtocol.MAX_FRAME);
    ArrayNode messages = document.putArray("clientMessages");
    ClientProtocol.rows().forEach(row -> describe(row, messages.addObject()));
    ArrayNode events = document.putArray("serverEvents");
    ServerProtocol.rows().forEach(row -> describe(row, events.addObject()));
    return document;
  }

  private static void describe(ClientProtocol.Row row, ObjectNode out) {
    out.put("type", row.type());
    out.put("reply", row.reply());
    row.permission().ifPresent(permission -> out.put("permission", permission.wireName()));
    out.put("ordering", row.ordering().name().toLowerCase(java.util.Locale.ROOT));
    out.put("since", row.since());
    ArrayNode fields = out.putArray("fields");
    row.fields().forEach(field -> describe(field, fields.addObject()));
  }

  private static void describe(Field field, ObjectNode out) {
    out.put("name", field.name());
    out.put("kind", field.kind().name().toLowerCase(java.util.Locale.ROOT));
    out.put("required", field.required());
    if (field.max() > 0) {
      out.put("min", field.min());
      out.put("max", field.max());
    }
    if (!field.choices().isEmpty()) {
      field.choices().forEach(out.withArray("choices")::add);
    }
    if (field.defaultValue() != null) {
      out.set("default", Json.MAPPER.valueToTree(field.defaultValue()));
    }
  }

  private static void describe(ServerProtocol.Row row, ObjectNode out) {
    out.put("type", row.type());
    out.put("group", row.group());
    out.put("scope", row.scope().name().toLowerCase(java.util.Locale.ROOT));
    out.put("mergeable", row.mergeable());
    ArrayNode fields = out.putArray("fields");
    for (RecordComponent component : row.event().getRecordComponents()) {
      fields.add(component.getName());
    }
  }
}
