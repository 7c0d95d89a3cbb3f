package dev.concert.ensemble.compatible.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.block.OpaqueToken;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.UncarriedFields;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.UncarriedField;
import java.util.Optional;
import java.util.Set;

/**
 * Converts the messages of the Messages API to the native format, in which tool results are
 * messages of their own. So one message of the user can become several, in the same order.
 */
final class MessagesMessageMapper {
  /** The origin of blocks that are passed on unchanged. */
  private static final String ORIGIN = "anthropic";

  private static final Set<String> TEXT_FIELDS =
      Set.of("type", "text", "cache_control", "ensemble_opaque");
  private static final Set<String> RESULT_FIELDS =
      Set.of("type", "tool_use_id", "is_error", "content", "cache_control");
  private static final Set<String> IMAGE_FIELDS = Set.of("type", "source", "cache_control");
  private static final Set<String> CALL_FIELDS =
      Set.of("type", "id", "name", "input", "cache_control", "ensemble_opaque");
  private static final Set<String> DOCUMENT_FIELDS =
      Set.of("type", "source", "title", "cache_control");
  private static final Set<String> SEARCH_RESULT_FIELDS =
      Set.of("type", "title", "source", "content", "cache_control");

  private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
  private final UncarriedFields uncarried;
  private int at;

  MessagesMessageMapper(UncarriedFields uncarried) {
    this.uncarried = uncarried;
  }

  ArrayNode written() {
    return messages;
  }

  void system(JsonNode system) {
    if (system.isTextual() && !system.asText().isEmpty()) {
      messages.addObject().put("role", "system").set("content", system);
    } else if (system.isArray() && !system.isEmpty()) {
      blocks("system", system, "system");
    } else if (!system.isMissingNode()
        && !system.isNull()
        && !system.isTextual()
        && !system.isArray()) {
      throw VendorJson.wrong("system", "must be a string or an array of blocks");
    }
  }

  /** Messages of the system may also be between the others; they keep their place. */
  void add(JsonNode message) {
    String field = "messages[" + at++ + "]";
    String role = message.path("role").asText();
    if (!role.equals("user") && !role.equals("assistant") && !role.equals("system")) {
      throw VendorJson.wrong(field + ".role", "must be user, assistant or system");
    }
    uncarried.unknownContentIn(message, field, Set.of("role", "content"));
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      messages.addObject().put(FieldNames.FROM, field).put("role", role).set("content", content);
      return;
    }
    if (!content.isArray()) {
      throw VendorJson.wrong(field + ".content", "must be a string or an array of blocks");
    }
    blocks(role, content, field + ".content");
  }

  private void blocks(String role, JsonNode content, String field) {
    int before = messages.size();
    ArrayNode open = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < content.size(); i++) {
      JsonNode part = content.path(i);
      String place = field + "[" + i + "]";
      if (part.path("type").asText().equals("tool_result")) {
        close(role, open);
        open = JsonNodeFactory.instance.arrayNode();
        result(part, place);
      } else {
        block(role, part, place).ifPresent(open::add);
      }
    }
    close(role, open);
    if (messages.size() == before) {
      messages.addObject().put("role", role).put("content", "");
    }
  }

  private void close(String role, ArrayNode blocks) {
    if (!blocks.isEmpty()) {
      messages.addObject().put("role", role).set("content_blocks", blocks);
    }
  }

  private void result(JsonNode part, String field) {
    ObjectNode ours = messages.addObject().put(FieldNames.FROM, field).put("role", "tool");
    VendorJson.copy(part, "tool_use_id", ours, "tool_call_id");
    VendorJson.copy(part, "is_error", ours);
    if (part.path("is_error").asBoolean()) {
      uncarried.harmless(field + UncarriedField.ERROR_MARK);
    }
    uncarried.unknownIn(part, field, RESULT_FIELDS);
    JsonNode content = part.path("content");
    if (content.isObject()) {
      throw VendorJson.wrong(field + ".content", "must be a string or an array of blocks");
    }
    ArrayNode blocks = JsonNodeFactory.instance.arrayNode();
    if (content.isArray()) {
      for (int i = 0; i < content.size(); i++) {
        block("tool", content.path(i), field + ".content[" + i + "]").ifPresent(blocks::add);
      }
    }
    if (blocks.isEmpty()) {
      ours.put("content", content.asText(""));
    } else {
      ours.set("content_blocks", blocks);
    }
  }

  /** Empty for a block without an equivalent, which is noted. */
  private Optional<ObjectNode> block(String role, JsonNode part, String field) {
    ObjectNode block = VendorJson.newObject().put(FieldNames.FROM, field);
    String type = part.path("type").asText();
    switch (type) {
      case "text" -> {
        VendorJson.copy(part, "text", block.put("type", "text"));
        VendorJson.copy(part, "cache_control", block);
        carried(part.path("ensemble_opaque"), block);
        uncarried.unknownIn(part, field, TEXT_FIELDS);
      }
      case "image" -> {
        if (isStored(part)) {
          uncarried.essential(field + ".source");
          return Optional.empty();
        }
        VendorJson.copy(part, "source", block.put("type", "image"));
        VendorJson.copy(part, "cache_control", block);
        uncarried.unknownIn(part, field, IMAGE_FIELDS);
      }
      case "document" -> {
        return document(block.put("type", "document"), part, field);
      }
      case "search_result" -> searchResult(block, part, field);
      case "thinking" -> thinking(block.put("type", "thinking"), part);
      case "tool_use" -> {
        ObjectNode call = block.put("type", "tool_call").putObject("tool_call");
        VendorJson.copy(part, "id", call);
        VendorJson.copy(part, "name", call);
        VendorJson.copy(part, "input", call, "arguments");
        uncarried.unknownIn(part, field, CALL_FIELDS);
        carried(part.path("ensemble_opaque"), block);
      }
      case "redacted_thinking" -> redacted(block.put("type", "opaque"), part);
      case "" -> throw VendorJson.wrong(field + ".type", "is required");
      default -> {
        // What a tool at the vendor did: others can go on without it.
        if (role.equals("assistant")) {
          uncarried.harmless(field);
          opaque(block.put("type", "opaque"), part);
        } else {
          uncarried.essential(field);
          return Optional.empty();
        }
      }
    }
    return Optional.of(block);
  }

  /** A file that the vendor has, and Ensemble has not. */
  private static boolean isStored(JsonNode part) {
    return part.path("source").path("type").asText().equals("file");
  }

  /** Its text, with where it comes from. */
  private void searchResult(ObjectNode block, JsonNode part, String field) {
    StringBuilder text = new StringBuilder();
    text.append(part.path("title").asText()).append('\n').append(part.path("source").asText());
    part.path("content").forEach(one -> text.append("\n\n").append(one.path("text").asText()));
    block.put("type", "text").put("text", text.toString());
    VendorJson.copy(part, "cache_control", block);
    uncarried.unknownIn(part, field, SEARCH_RESULT_FIELDS);
  }

  private static void carried(JsonNode text, ObjectNode block) {
    OpaqueToken.read(text.asText()).ifPresent(opaque -> block.set("opaque", opaque));
  }

  private Optional<ObjectNode> document(ObjectNode block, JsonNode part, String field) {
    JsonNode source = part.path("source");
    VendorJson.copy(part, "cache_control", block);
    uncarried.unknownIn(part, field, DOCUMENT_FIELDS);
    switch (source.path("type").asText()) {
      case "text" -> block.put("type", "text").set("text", source.path("data"));
      case "content" -> block.put("type", "text").put("text", text(source.path("content"), field));
      case "file" -> {
        uncarried.essential(field + ".source");
        return Optional.empty();
      }
      case "" -> throw VendorJson.wrong(field + ".source", "is required");
      default -> {
        block.set("source", source);
        VendorJson.copy(part, "title", block);
      }
    }
    return Optional.of(block);
  }

  private String text(JsonNode content, String field) {
    if (content.isTextual()) {
      return content.asText();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode one : content) {
      if (!one.path("type").asText().equals("text")) {
        uncarried.essential(field + ".source.content");
      }
      text.append(text.isEmpty() ? "" : "\n").append(one.path("text").asText());
    }
    return text.toString();
  }

  private static void thinking(ObjectNode block, JsonNode part) {
    VendorJson.copy(part, "thinking", block, "text");
    String signature = part.path("signature").asText();
    OpaqueToken.read(signature)
        .ifPresentOrElse(
            opaque -> block.set("opaque", opaque), () -> VendorJson.copy(part, "signature", block));
  }

  private static void redacted(ObjectNode block, JsonNode part) {
    OpaqueToken.read(part.path("data").asText())
        .ifPresentOrElse(theirs -> block.set("opaque", theirs), () -> opaque(block, part));
  }

  private static void opaque(ObjectNode block, JsonNode part) {
    block.putObject("opaque").put("origin", ORIGIN).put("json", ExactJson.text(part));
  }
}
