package dev.concert.ensemble.compatible.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.compatible.Body;
import dev.concert.ensemble.compatible.Carried;

/**
 * The messages of the Messages API as ours, whose results of tools are messages of their own. A
 * message of the user thus becomes several, in the same order.
 */
final class MessagesConversation {
  /** Who alone reads what is passed on as it is. */
  private static final String ORIGIN = "anthropic";

  private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();

  ArrayNode written() {
    return messages;
  }

  void system(JsonNode system) {
    if (system.isTextual() && !system.asText().isEmpty()) {
      messages.addObject().put("role", "system").set("content", system);
    } else if (system.isArray() && !system.isEmpty()) {
      ArrayNode blocks = messages.addObject().put("role", "system").putArray("content_blocks");
      system.forEach(part -> blocks.add(block(part, "system")));
    }
  }

  void add(JsonNode message) {
    String field = "messages[" + messages.size() + "]";
    String role = message.path("role").asText();
    if (!role.equals("user") && !role.equals("assistant")) {
      throw Body.wrong(field + ".role", "must be user or assistant");
    }
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      messages.addObject().put("role", role).set("content", content);
      return;
    }
    if (!content.isArray()) {
      throw Body.wrong(field + ".content", "must be a string or an array of blocks");
    }
    ArrayNode open = null;
    for (JsonNode part : content) {
      if (part.path("type").asText().equals("tool_result")) {
        result(part, field);
        open = null;
      } else {
        if (open == null) {
          open = messages.addObject().put("role", role).putArray("content_blocks");
        }
        open.add(block(part, field));
      }
    }
    if (content.isEmpty()) {
      messages.addObject().put("role", role).put("content", "");
    }
  }

  private void result(JsonNode part, String field) {
    ObjectNode ours = messages.addObject().put("role", "tool");
    Body.copy(part, "tool_use_id", ours, "tool_call_id");
    Body.copy(part, "is_error", ours);
    JsonNode content = part.path("content");
    if (content.isArray()) {
      ArrayNode blocks = ours.putArray("content_blocks");
      content.forEach(one -> blocks.add(block(one, field)));
    } else {
      ours.put("content", content.asText(""));
    }
  }

  private static ObjectNode block(JsonNode part, String field) {
    ObjectNode block = Body.newObject();
    String type = part.path("type").asText();
    switch (type) {
      case "text" -> {
        Body.copy(part, "text", block.put("type", "text"));
        Body.copy(part, "cache_control", block);
        carried(part.path("ensemble_opaque"), block);
      }
      case "image" -> {
        Body.copy(part, "source", block.put("type", "image"));
        Body.copy(part, "cache_control", block);
      }
      case "document" -> document(block.put("type", "document"), part, field);
      case "thinking" -> thinking(block.put("type", "thinking"), part);
      case "tool_use" -> {
        ObjectNode call = block.put("type", "tool_call").putObject("tool_call");
        Body.copy(part, "id", call);
        Body.copy(part, "name", call);
        Body.copy(part, "input", call, "arguments");
        carried(part.path("ensemble_opaque"), block);
      }
      case "redacted_thinking" -> redacted(block.put("type", "opaque"), part);
      case "" -> throw Body.wrong(field + ".content", "has a block without a type");
      default -> opaque(block.put("type", "opaque"), part);
    }
    return block;
  }

  private static void carried(JsonNode text, ObjectNode block) {
    Carried.read(text.asText()).ifPresent(opaque -> block.set("opaque", opaque));
  }

  private static void document(ObjectNode block, JsonNode part, String field) {
    JsonNode source = part.path("source");
    if (source.path("type").asText().equals("text")) {
      block.removeAll();
      block.put("type", "text").set("text", source.path("data"));
    } else if (source.isObject()) {
      block.set("source", source);
      Body.copy(part, "title", block);
    } else {
      throw Body.wrong(field + ".source", "is required");
    }
    Body.copy(part, "cache_control", block);
  }

  private static void thinking(ObjectNode block, JsonNode part) {
    Body.copy(part, "thinking", block, "text");
    String signature = part.path("signature").asText();
    Carried.read(signature)
        .ifPresentOrElse(
            opaque -> block.set("opaque", opaque), () -> Body.copy(part, "signature", block));
  }

  private static void redacted(ObjectNode block, JsonNode part) {
    Carried.read(part.path("data").asText())
        .ifPresentOrElse(theirs -> block.set("opaque", theirs), () -> opaque(block, part));
  }

  private static void opaque(ObjectNode block, JsonNode part) {
    block.putObject("opaque").put("origin", ORIGIN).put("json", ExactJson.text(part));
  }
}
