package dev.concert.ensemble.compatible.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.Body;
import dev.concert.ensemble.compatible.Carried;

/** The messages of Chat Completions as ours. */
final class ChatConversation {
  private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();

  ArrayNode written() {
    return messages;
  }

  void add(JsonNode message) {
    String field = "messages[" + messages.size() + "]";
    ObjectNode ours = messages.addObject();
    switch (message.path("role").asText()) {
      case "system", "developer" -> content(ours.put("role", "system"), message, field);
      case "user" -> content(ours.put("role", "user"), message, field);
      case "assistant" -> assistant(ours.put("role", "assistant"), message, field);
      case "tool" -> {
        Body.copy(message, "tool_call_id", ours.put("role", "tool"));
        content(ours, message, field);
      }
      default ->
          throw Body.wrong(
              field + ".role", "must be one of system, developer, user, assistant, tool");
    }
  }

  private static void content(ObjectNode ours, JsonNode message, String field) {
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      ours.set("content", content);
      return;
    }
    if (!content.isArray()) {
      throw Body.wrong(field + ".content", "must be a string or an array of parts");
    }
    ArrayNode blocks = ours.putArray("content_blocks");
    for (JsonNode part : content) {
      blocks.add(part(part, field + ".content[" + blocks.size() + "]"));
    }
  }

  private static ObjectNode part(JsonNode part, String field) {
    ObjectNode block = Body.newObject();
    Body.copy(part, "cache_control", block);
    switch (part.path("type").asText()) {
      case "text" -> Body.copy(part, "text", block.put("type", "text"));
      case "refusal" -> Body.copy(part, "refusal", block.put("type", "text"), "text");
      case "image_url" ->
          block
              .put("type", "image")
              .set("source", Body.source(part.path("image_url").path("url").asText(), field));
      case "input_audio" -> {
        JsonNode audio = part.path("input_audio");
        block
            .put("type", "audio")
            .putObject("source")
            .put("type", "base64")
            .put("media_type", "audio/" + audio.path("format").asText("wav"))
            .put("data", audio.path("data").asText());
      }
      case "file" -> {
        JsonNode file = part.path("file");
        if (!Body.has(file, "file_data")) {
          throw Body.wrong(field, "files must come as file_data");
        }
        block
            .put("type", "document")
            .set("source", Body.source(file.path("file_data").asText(), field));
        Body.copy(file, "filename", block, "title");
      }
      default -> throw Body.wrong(field + ".type", "is not known here");
    }
    return block;
  }

  private static void assistant(ObjectNode ours, JsonNode message, String field) {
    ArrayNode blocks = ours.putArray("content_blocks");
    message.path("reasoning_details").forEach(blocks::add);
    JsonNode content = message.path("content");
    if (content.isTextual() && !content.asText().isEmpty()) {
      blocks.addObject().put("type", "text").set("text", content);
    } else if (content.isArray()) {
      for (JsonNode part : content) {
        blocks.add(part(part, field + ".content[" + blocks.size() + "]"));
      }
    }
    for (JsonNode call : message.path("tool_calls")) {
      ObjectNode block = blocks.addObject().put("type", "tool_call");
      ObjectNode ourCall = block.putObject("tool_call");
      Body.copy(call, "id", ourCall);
      Body.copy(call.path("function"), "name", ourCall);
      Body.copy(call.path("function"), "arguments", ourCall, "raw_arguments");
      Carried.read(call.path("ensemble_opaque").asText())
          .ifPresent(opaque -> block.set("opaque", opaque));
    }
    if (blocks.isEmpty()) {
      ours.remove("content_blocks");
      ours.put("content", "");
    }
  }
}
