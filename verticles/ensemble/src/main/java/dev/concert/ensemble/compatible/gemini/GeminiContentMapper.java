package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.UncarriedFields;
import dev.concert.ensemble.compatible.VendorJson;
import java.util.Optional;
import java.util.Set;

/**
 * Converts contents to native messages. Contents of the model that follow each other become one
 * message, because clients keep each piece of a stream as a content of its own.
 */
final class GeminiContentMapper {
  private static final Set<String> KNOWN_PART =
      Set.of("text", "inlineData", "fileData", "functionResponse", "thought", "thoughtSignature");
  private static final Set<String> KNOWN_RESULT = Set.of("id", "name", "response", "parts");

  private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
  private final CallIds ids = new CallIds();

  /** The model's message that the next content goes on with; null after the user's. */
  private AssistantParts open;

  private int next;

  private final UncarriedFields uncarried;

  GeminiContentMapper(UncarriedFields uncarried) {
    this.uncarried = uncarried;
  }

  /** The system instruction: a content, or its text. */
  void system(JsonNode instruction) {
    if (instruction.isMissingNode()) {
      return;
    }
    if (instruction.isTextual()) {
      messages.addObject().put("role", "system").put("content", instruction.asText());
      return;
    }
    ArrayNode blocks = JsonNodeFactory.instance.arrayNode();
    JsonNode parts = parts(instruction, "systemInstruction");
    for (int i = 0; i < parts.size(); i++) {
      if (!parts.get(i).path("text").isTextual()) {
        throw VendorJson.wrong("systemInstruction.parts[" + i + "].text", "is required");
      }
      blocks.addObject().put("type", "text").put("text", parts.get(i).path("text").asText());
    }
    if (!blocks.isEmpty()) {
      messages.addObject().put("role", "system").set("content_blocks", blocks);
    }
  }

  void add(JsonNode content) {
    String field = "contents[" + next++ + "]";
    JsonNode parts = parts(content, field);
    switch (content.path("role").asText("user")) {
      case "model" -> model(parts, field);
      case "user", "function", "" -> user(parts, field);
      default -> throw VendorJson.wrong(field + ".role", "must be 'user' or 'model'");
    }
  }

  ArrayNode written() {
    messages.forEach(GeminiContentMapper::unlessEmpty);
    return messages;
  }

  private static void unlessEmpty(JsonNode message) {
    if (message.path("content_blocks").isArray() && message.path("content_blocks").isEmpty()) {
      ObjectNode empty = (ObjectNode) message;
      empty.remove("content_blocks");
      empty.put("content", "");
    }
  }

  private static JsonNode parts(JsonNode content, String field) {
    if (!content.isObject()) {
      throw VendorJson.wrong(field, "must be an object");
    }
    return GeminiFields.array(content, "parts", field + ".");
  }

  private void model(JsonNode parts, String field) {
    if (open == null) {
      ObjectNode message =
          messages.addObject().put(FieldNames.FROM, field).put("role", "assistant");
      open = new AssistantParts(message.putArray("content_blocks"), ids);
    }
    for (int i = 0; i < parts.size(); i++) {
      open.add(parts.get(i), field + ".parts[" + i + "]");
    }
  }

  private void user(JsonNode parts, String field) {
    if (parts.isEmpty()) {
      throw VendorJson.wrong(field + ".parts", "must have at least one part");
    }
    open = null;
    ArrayNode blocks = null;
    for (int i = 0; i < parts.size(); i++) {
      JsonNode part = parts.get(i);
      String name = field + ".parts[" + i + "]";
      JsonNode response = GeminiFields.get(part, "functionResponse");
      if (response.isObject()) {
        result(response, name + ".functionResponse");
        blocks = null;
      } else {
        if (blocks == null) {
          ObjectNode message = messages.addObject().put(FieldNames.FROM, field).put("role", "user");
          blocks = message.putArray("content_blocks");
        }
        blocks.add(userBlock(part, name));
      }
    }
  }

  private ObjectNode userBlock(JsonNode part, String field) {
    if (!part.isObject() || part.isEmpty()) {
      throw VendorJson.wrong(
          field, "must have one of text, inlineData, fileData, functionResponse");
    }
    if (part.path("text").isTextual()) {
      GeminiRequestMapper.name(part, field + ".", KNOWN_PART, uncarried);
      return text(part.path("text").asText(), field);
    }
    Optional<ObjectNode> media = MediaParts.block(part);
    if (media.isEmpty() || MediaParts.isAtGoogle(part)) {
      // Google's own models may know it.
      uncarried.essential(field);
      return text("", field);
    }
    if (MediaParts.isVideo(media.get())) {
      uncarried.essential(field);
    }
    GeminiRequestMapper.name(part, field + ".", KNOWN_PART, uncarried);
    return media.get().put(FieldNames.FROM, field);
  }

  private static ObjectNode text(String text, String field) {
    return VendorJson.newObject().put(FieldNames.FROM, field).put("type", "text").put("text", text);
  }

  private void result(JsonNode response, String field) {
    ObjectNode message = messages.addObject().put(FieldNames.FROM, field).put("role", "tool");
    GeminiRequestMapper.name(response, field + ".", KNOWN_RESULT, uncarried);
    message.put("tool_call_id", ids.ofResult(response));
    JsonNode value = response.path("response");
    boolean failed = value.size() == 1 && value.has("error");
    if (failed) {
      // Its text says so.
      message.put("is_error", true);
    }
    ArrayNode blocks = message.putArray("content_blocks");
    blocks.addObject().put("type", "text").put("text", text(value, failed ? "error" : "output"));
    JsonNode media = GeminiFields.array(response, "parts", field + ".");
    for (int i = 0; i < media.size(); i++) {
      blocks.add(userBlock(media.get(i), field + ".parts[" + i + "]"));
    }
  }

  /** A result under the name that the API proposes is its text; any other one is JSON. */
  private static String text(JsonNode value, String name) {
    for (String single : new String[] {name, "result"}) {
      if (value.size() == 1 && value.path(single).isTextual()) {
        return value.path(single).asText();
      }
    }
    return value.isMissingNode() ? "{}" : ExactJson.text(value);
  }
}
