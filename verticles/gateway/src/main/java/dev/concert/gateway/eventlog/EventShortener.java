package dev.concert.gateway.eventlog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.concert.json.Json;
import dev.concert.protocol.ServerEvent;
import dev.concert.text.ShortText;

/**
 * Shortens events that no client could be sent: an agent may say 16 MiB at once, and a client that
 * gets more than its backlog is cut off, each time that it comes back. The beginning of each long
 * text stays. Pure.
 */
final class EventShortener {
  /** An event whose record has more characters is shortened. */
  static final int MAX_RECORD = 3 << 20;

  /** The longest text that stays; the next number where that is not enough. */
  private static final int[] LIMITS = {1 << 20, 256 << 10, 16 << 10, 512};

  private EventShortener() {}

  static ServerEvent shorten(ServerEvent event) {
    for (int limit : LIMITS) {
      JsonNode shortened = shorten(Json.MAPPER.<JsonNode>valueToTree(event), limit);
      if (shortened.toString().length() <= MAX_RECORD) {
        return event(shortened, event.getClass());
      }
    }
    // Very many short values: the fields that hold them are left out.
    ObjectNode fields = Json.MAPPER.valueToTree(event);
    fields.properties().removeIf(field -> field.getValue().isContainerNode());
    return event(shorten(fields, LIMITS[LIMITS.length - 1]), event.getClass());
  }

  private static JsonNode shorten(JsonNode value, int limit) {
    switch (value) {
      case ObjectNode object ->
          object.properties().forEach(f -> f.setValue(shorten(f.getValue(), limit)));
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          array.set(i, shorten(array.get(i), limit));
        }
      }
      case TextNode text when text.textValue().length() > limit -> {
        return TextNode.valueOf(cut(text.textValue(), limit));
      }
      default -> {
        // Numbers and the like are short.
      }
    }
    return value;
  }

  private static String cut(String text, int limit) {
    String kept = ShortText.of(text, limit);
    return "%s… (%d characters left out)".formatted(kept, text.length() - kept.length());
  }

  private static ServerEvent event(JsonNode fields, Class<? extends ServerEvent> type) {
    try {
      return Json.MAPPER.treeToValue(fields, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An event's own JSON cannot be read", e);
    }
  }
}
