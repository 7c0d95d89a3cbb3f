package dev.concert.contract;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.json.Json;
import dev.concert.protocol.ReplyType;
import dev.concert.protocol.ServerProtocol;
import dev.concert.text.OneLine;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The protocol as data, made from the two tables: what {@code docs/protocol.json} holds. */
public final class ProtocolDocument {
  private ProtocolDocument() {}

  public static ObjectNode create() {
    ObjectNode document = Json.MAPPER.createObjectNode();
    document.put("protocolVersion", WireProtocol.VERSION);
    document.put("maxFrameBytes", WireProtocol.MAX_FRAME);
    document.put("maxDepth", WireProtocol.MAX_DEPTH);
    ArrayNode messages = document.putArray("clientMessages");
    ArrayNode routes = document.putArray("httpOperations");
    for (ApiOperation<?, ?> row : ContractTable.rows()) {
      describe(row, (row.onSocket() ? messages : routes).addObject());
    }
    ArrayNode events = document.putArray("serverEvents");
    ServerProtocol.rows().forEach(row -> describe(row, events.addObject()));
    return document;
  }

  private static void describe(ApiOperation<?, ?> row, ObjectNode out) {
    out.put("type", row.name());
    out.put("reply", row.replies().stream().map(ReplyType::of).collect(Collectors.joining(" or ")));
    row.permission().ifPresent(permission -> out.put("permission", permission.wireName()));
    out.put("scope", row.scope().name().toLowerCase(Locale.ROOT));
    out.put("since", row.since());
    row.http().ifPresent(route -> out.put("http", route.method() + " " + route.template()));
    if (row.planned()) {
      out.put("planned", true);
    }
    ArrayNode fields = out.putArray("fields");
    row.fields().forEach(field -> describe(field, fields.addObject()));
  }

  private static void describe(Field field, ObjectNode out) {
    out.put("name", field.name());
    out.put("kind", field.kind().name().toLowerCase(Locale.ROOT));
    out.put("required", field.required());
    if (field.max() > 0) {
      out.put("min", field.min());
      out.put("max", field.max());
    }
    if (field.isLine()) {
      out.put("pattern", OneLine.PATTERN);
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
    out.put("scope", row.scope().name().toLowerCase(Locale.ROOT));
    out.put("mergeable", row.mergeable());
    out.put("since", row.since());
    ArrayNode fields = out.putArray("fields");
    for (RecordComponent component : List.of(row.event().getRecordComponents())) {
      fields.add(component.getName());
    }
  }
}
