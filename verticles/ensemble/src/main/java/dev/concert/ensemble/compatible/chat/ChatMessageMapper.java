package dev.concert.ensemble.compatible.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.UncarriedFields;
import dev.concert.ensemble.compatible.VendorJson;
import java.util.List;

/** Converts the messages of Chat Completions to the native format. */
final class ChatMessageMapper {
  private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();

  private final UncarriedFields uncarried;

  ChatMessageMapper(UncarriedFields uncarried) {
    this.uncarried = uncarried;
  }

  ArrayNode written() {
    return messages;
  }

  void add(JsonNode message) {
    String field = "messages[" + messages.size() + "]";
    ObjectNode ours = messages.addObject().put(FieldNames.FROM, field);
    switch (message.path("role").asText()) {
      case "system", "developer" -> content(ours.put("role", "system"), message, field);
      case "user" -> content(ours.put("role", "user"), message, field);
      case "assistant" -> assistant(ours.put("role", "assistant"), message, field);
      case "tool" -> {
        VendorJson.copy(message, "tool_call_id", ours.put("role", "tool"));
        if (VendorJson.has(message, "content")) {
          content(ours, message, field);
        } else {
          // A tool that has nothing to say.
          ours.put("content", "");
        }
      }
      default ->
          throw VendorJson.wrong(
              field + ".role", "must be one of system, developer, user, assistant, tool");
    }
  }

  private void content(ObjectNode ours, JsonNode message, String field) {
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      ours.set("content", content);
      return;
    }
    if (!content.isArray()) {
      throw VendorJson.wrong(field + ".content", "must be a string or an array of parts");
    }
    ArrayNode blocks = ours.putArray("content_blocks");
    for (int i = 0; i < content.size(); i++) {
      blocks.add(part(content.path(i), field + ".content[" + i + "]"));
    }
  }

  private ObjectNode part(JsonNode part, String field) {
    ObjectNode block = VendorJson.newObject().put(FieldNames.FROM, field);
    VendorJson.copy(part, "cache_control", block);
    switch (part.path("type").asText()) {
      case "text" -> VendorJson.copy(part, "text", block.put("type", "text"));
      case "refusal" -> VendorJson.copy(part, "refusal", block.put("type", "text"), "text");
      case "image_url" -> {
        JsonNode image = part.path("image_url");
        if (!image.path("detail").asText("auto").equals("auto")) {
          uncarried.harmless(field + ".image_url.detail");
        }
        block
            .put("type", "image")
            .set("source", VendorJson.source(image.path("url").asText(), field));
      }
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
        if (!VendorJson.has(file, "file_data")) {
          throw VendorJson.wrong(field, "must have file_data: stored files are not supported");
        }
        block
            .put("type", "document")
            .set("source", VendorJson.source(file.path("file_data").asText(), field));
        VendorJson.copy(file, "filename", block, "title");
      }
      case "" -> throw VendorJson.wrong(field + ".type", "is not a known type");
      default -> {
        // A server with this API may know it, such as video_url.
        uncarried.essential(field);
        block.put("type", "text").put("text", "");
      }
    }
    return block;
  }

  /**
   * The details that Ensemble sent, or else the text, in either field. SDKs keep only the last
   * piece of a text that they do not know, but the details whole.
   */
  private static void reasoning(JsonNode message, ArrayNode blocks) {
    message.path("reasoning_details").forEach(blocks::add);
    for (String field : List.of("reasoning_content", "reasoning")) {
      String text = message.path(field).asText();
      if (blocks.isEmpty() && message.path(field).isTextual() && !text.isEmpty()) {
        blocks.addObject().put("type", "thinking").put("text", text);
      }
    }
  }

  private static ObjectNode call(JsonNode call, String field) {
    ObjectNode block = VendorJson.newObject().put(FieldNames.FROM, field).put("type", "tool_call");
    ObjectNode ours = block.putObject("tool_call");
    VendorJson.copy(call, "id", ours);
    VendorJson.copy(call.path("function"), "name", ours);
    boolean object = call.path("function").path("arguments").isObject();
    VendorJson.copy(
        call.path("function"), "arguments", ours, object ? "arguments" : "raw_arguments");
    ExtraContent.read(call).ifPresent(opaque -> block.set("opaque", opaque));
    return block;
  }

  private void assistant(ObjectNode ours, JsonNode message, String field) {
    ArrayNode blocks = ours.putArray("content_blocks");
    reasoning(message, blocks);
    JsonNode content = message.path("content");
    if (content.isTextual() && !content.asText().isEmpty()) {
      blocks.addObject().put("type", "text").set("text", content);
    } else if (content.isArray()) {
      for (int i = 0; i < content.size(); i++) {
        blocks.add(part(content.path(i), field + ".content[" + i + "]"));
      }
    }
    JsonNode calls = message.path("tool_calls");
    for (int i = 0; i < calls.size(); i++) {
      blocks.add(call(calls.path(i), field + ".tool_calls[" + i + "]"));
    }
    if (blocks.isEmpty()) {
      ours.remove("content_blocks");
      ours.put("content", "");
    }
  }
}
