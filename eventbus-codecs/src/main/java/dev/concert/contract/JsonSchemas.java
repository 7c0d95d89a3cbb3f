package dev.concert.contract;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.json.Json;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerProtocol;
import dev.concert.text.OneLine;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * JSON Schemas (draft 2020-12) of fields and of reply records. A record becomes a named schema of
 * its own, to which others refer. Not thread-safe.
 */
final class JsonSchemas {
  private static final String EVENTS = "SessionEvent";

  private final ObjectNode named;

  /**
   * @param named where named schemas are put, as {@code components/schemas} of OpenAPI
   */
  JsonSchemas(ObjectNode named) {
    this.named = named;
  }

  /** The schema of a request's field, with its bounds. */
  static ObjectNode of(Field field) {
    ObjectNode schema = Json.MAPPER.createObjectNode();
    switch (field.kind()) {
      case STRING -> {
        if (field.orNumber()) {
          schema.putArray("type").add("string").add("integer");
        } else {
          schema.put("type", "string");
        }
        schema.put("minLength", field.min()).put("maxLength", field.max());
        if (field.isLine()) {
          schema.put("pattern", OneLine.PATTERN);
        }
      }
      case INTEGER ->
          schema
              .put("type", "integer")
              .put("format", "int64")
              .put("minimum", field.min())
              .put("maximum", field.max());
      case BOOLEAN -> schema.put("type", "boolean");
      case OBJECT -> schema.put("type", "object").put("additionalProperties", true);
      case ARRAY -> schema.put("type", "array").put("maxItems", field.max()).putObject("items");
      case BYTES -> schema.put("type", "string").put("format", "binary");
    }
    if (!field.choices().isEmpty()) {
      field.choices().forEach(schema.withArray("enum")::add);
    }
    if (field.defaultValue() != null) {
      schema.set("default", Json.MAPPER.valueToTree(field.defaultValue()));
    }
    return schema;
  }

  /** A reference to the schema of this record, which is described where it was not yet. */
  ObjectNode of(Class<?> type) {
    String name = type.getSimpleName();
    if (!named.has(name)) {
      ObjectNode schema = named.putObject(name);
      schema.put("type", "object");
      ObjectNode properties = schema.putObject("properties");
      ArrayNode required = Json.MAPPER.createArrayNode();
      for (RecordComponent component : type.getRecordComponents()) {
        if (component.getAccessor().isAnnotationPresent(JsonIgnore.class)) {
          continue;
        }
        properties.set(component.getName(), property(type, component));
        if (component.getType().isPrimitive()) {
          required.add(component.getName());
        }
      }
      if (!required.isEmpty()) {
        schema.set("required", required);
      }
    }
    return reference(name);
  }

  private ObjectNode property(Class<?> type, RecordComponent component) {
    if (type == ServerEvent.Events.class && component.getName().equals("events")) {
      ObjectNode events = Json.MAPPER.createObjectNode().put("type", "array");
      events.set("items", ofEvents());
      return events;
    }
    return value(component.getGenericType());
  }

  /** A reference to the schema of every event that a session can have. */
  ObjectNode ofEvents() {
    if (!named.has(EVENTS)) {
      ObjectNode any = named.putObject(EVENTS);
      ArrayNode either = any.putArray("oneOf");
      ObjectNode mapping =
          any.putObject("discriminator").put("propertyName", "type").putObject("mapping");
      for (ServerProtocol.Row row : ServerProtocol.rows()) {
        if (row.durable() || row.event() == ServerEvent.Error.class) {
          ObjectNode one = ofEvent(row);
          either.add(one);
          mapping.put(row.type(), one.get("$ref").textValue());
        }
      }
    }
    return reference(EVENTS);
  }

  /** A reference to the schema of an event with its place in the session. */
  ObjectNode ofEvent(ServerProtocol.Row row) {
    String name = row.event().getSimpleName() + "Event";
    if (!named.has(name)) {
      ObjectNode schema = named.putObject(name).put("type", "object");
      ObjectNode properties = schema.putObject("properties");
      properties.putObject("type").put("type", "string").putArray("enum").add(row.type());
      properties.putObject("sessionId").put("type", "string");
      for (String number : List.of("seq", "firstSeq", "ts")) {
        properties.putObject(number).put("type", "integer").put("format", "int64");
      }
      properties.putObject("turnId").put("type", "string");
      for (RecordComponent component : row.event().getRecordComponents()) {
        properties.set(component.getName(), property(row.event(), component));
      }
      schema.putArray("required").add("type").add("sessionId").add("seq").add("ts");
    }
    return reference(name);
  }

  private static ObjectNode reference(String name) {
    return Json.MAPPER.createObjectNode().put("$ref", "#/components/schemas/" + name);
  }

  private ObjectNode value(Type type) {
    ObjectNode schema = Json.MAPPER.createObjectNode();
    return switch (type) {
      case ParameterizedType list when list.getRawType() == List.class -> {
        schema.put("type", "array").set("items", value(list.getActualTypeArguments()[0]));
        yield schema;
      }
      case ParameterizedType map when map.getRawType() == Map.class ->
          schema.put("type", "object").put("additionalProperties", true);
      case Class<?> one when one == String.class -> schema.put("type", "string");
      case Class<?> one when one == boolean.class || one == Boolean.class ->
          schema.put("type", "boolean");
      case Class<?> one when one == double.class || one == BigDecimal.class ->
          schema.put("type", "number");
      case Class<?> one when one == int.class || one == Integer.class ->
          schema.put("type", "integer").put("format", "int32");
      case Class<?> one when one == long.class || one == Long.class ->
          schema.put("type", "integer").put("format", "int64");
      case Class<?> one when one.isEnum() -> {
        schema.put("type", "string");
        for (Object constant : one.getEnumConstants()) {
          schema.withArray("enum").add(Json.MAPPER.<JsonNode>valueToTree(constant));
        }
        yield schema;
      }
      case Class<?> one when one.isRecord() -> of(one);
      case Class<?> one when JsonNode.class.isAssignableFrom(one) -> schema;
      default -> throw new IllegalStateException("No JSON Schema for " + type.getTypeName());
    };
  }
}
