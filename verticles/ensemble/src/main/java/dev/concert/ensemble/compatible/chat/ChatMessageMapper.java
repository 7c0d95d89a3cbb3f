package dev.concert.ensemble.compatible.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.UncarriedFields;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.CustomTool;
import java.util.List;
import java.util.Set;

/** Converts the messages of Chat Completions to the native format. */
final class ChatMessageMapper {
  private static final Set<String> KNOWN = Set.of("role", "content", "cache_control");
  private static final Set<String> KNOWN_OF_TOOL =
      Set.of("role", "content", "cache_control", "tool_call_id");

  private static final Set<String> KNOWN_OF_FUNCTION = Set.of("role", "content", "name");

  /** Also what Ensemble itself sends in an answer, and clients send back. */
  private static final Set<String> KNOWN_OF_ASSISTANT =
      Set.of(
          "role",
          "content",
          "cache_control",
          "refusal",
          "tool_calls",
          "function_call",
          "reasoning",
          "reasoning_content",
          "reasoning_details",
          "images");

  private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();

  private final UncarriedFields uncarried;

  /** The id of the last call in the form before tools, which has none. */
  private String lastCall = "";

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
      case "system", "developer" -> {
        content(ours.put("role", "system"), message, field);
        uncarried.unknownContentIn(message, field, KNOWN);
      }
      case "user" -> {
        content(ours.put("role", "user"), message, field);
        uncarried.unknownContentIn(message, field, KNOWN);
      }
      case "assistant" -> assistant(ours.put("role", "assistant"), message, field);
      case "tool" -> {
        VendorJson.copy(message, "tool_call_id", ours.put("role", "tool"));
        uncarried.unknownContentIn(message, field, KNOWN_OF_TOOL);
        result(ours, message, field);
      }
      case "function" -> {
        ours.put("role", "tool").put("tool_call_id", lastCall);
        uncarried.unknownContentIn(message, field, KNOWN_OF_FUNCTION);
        result(ours, message, field);
      }
      default ->
          throw VendorJson.wrong(
              field + ".role", "must be one of system, developer, user, assistant, tool, function");
    }
  }

  private void result(ObjectNode ours, JsonNode message, String field) {
    if (VendorJson.has(message, "content")) {
      content(ours, message, field);
    } else {
      // A tool that has nothing to say.
      ours.put("content", "");
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
      case "image_url" -> image(part.path("image_url"), block, field);
      case "input_audio" -> audio(part.path("input_audio"), block, field);
      case "file" -> file(part.path("file"), block, field);
      case "" -> throw VendorJson.wrong(field + ".type", "is not a known type");
      default -> {
        // A server with this API may know it, such as video_url.
        uncarried.essential(field);
        block.put("type", "text").put("text", "");
      }
    }
    return block;
  }

  private void image(JsonNode image, ObjectNode block, String field) {
    if (!image.path("detail").asText("auto").equals("auto")) {
      uncarried.harmless(field + ".image_url.detail");
    }
    String url = image.isTextual() ? image.asText() : image.path("url").asText();
    String place = field + (image.isTextual() ? ".image_url" : ".image_url.url");
    block.put("type", "image").set("source", source(url, place));
  }

  private static void audio(JsonNode audio, ObjectNode block, String field) {
    block.put("type", "audio").set("source", VendorJson.audioSource(audio, field + ".input_audio"));
  }

  private void file(JsonNode file, ObjectNode block, String field) {
    if (VendorJson.has(file, "file_id")) {
      // A file that the vendor has, and Ensemble has not.
      uncarried.essential(field + ".file.file_id");
      block.put("type", "text").put("text", "");
      return;
    }
    if (!VendorJson.has(file, "file_data")) {
      throw VendorJson.wrong(field + ".file.file_data", "is required");
    }
    block
        .put("type", "document")
        .set("source", source(file.path("file_data").asText(), field + ".file.file_data"));
    VendorJson.copy(file, "filename", block, "title");
  }

  private static ObjectNode source(String url, String field) {
    return VendorJson.source(url, field).put(FieldNames.FROM, field);
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
    if (call.path("type").asText().equals("custom")) {
      JsonNode custom = call.path("custom");
      ours.put("name", text(custom, "name", field + ".custom"))
          .put("raw_arguments", CustomTool.arguments(text(custom, "input", field + ".custom")));
    } else {
      function(call.path("function"), ours);
    }
    ExtraContent.read(call).ifPresent(opaque -> block.set("opaque", opaque));
    return block;
  }

  private static void function(JsonNode function, ObjectNode ours) {
    VendorJson.copy(function, "name", ours);
    boolean object = function.path("arguments").isObject();
    VendorJson.copy(function, "arguments", ours, object ? "arguments" : "raw_arguments");
  }

  /** A call in the form before tools: one in a message, and without an id. */
  private ObjectNode functionCall(JsonNode function, String field) {
    text(function, "name", field);
    lastCall = "call_" + messages.size();
    ObjectNode block = VendorJson.newObject().put(FieldNames.FROM, field).put("type", "tool_call");
    function(function, block.putObject("tool_call").put("id", lastCall));
    return block;
  }

  private static String text(JsonNode object, String name, String field) {
    if (!object.path(name).isTextual()) {
      throw VendorJson.wrong(field + "." + name, "must be a text");
    }
    return object.path(name).asText();
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
    if (message.path("refusal").isTextual() && !message.path("refusal").asText().isEmpty()) {
      blocks.addObject().put("type", "text").set("text", message.path("refusal"));
    }
    uncarried.unknownContentIn(message, field, KNOWN_OF_ASSISTANT);
    JsonNode calls = message.path("tool_calls");
    for (int i = 0; i < calls.size(); i++) {
      blocks.add(call(calls.path(i), field + ".tool_calls[" + i + "]"));
    }
    if (VendorJson.has(message, "function_call")) {
      blocks.add(functionCall(message.path("function_call"), field + ".function_call"));
    }
    if (blocks.isEmpty() && VendorJson.has(message, "audio")) {
      // The assistant has said something, and only its vendor knows what.
      uncarried.essential(field + ".audio");
    }
    if (blocks.isEmpty()) {
      ours.remove("content_blocks");
      ours.put("content", "");
    }
  }
}
