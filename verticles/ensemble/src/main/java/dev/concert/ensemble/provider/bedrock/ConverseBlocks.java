package dev.concert.ensemble.provider.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.Optional;

/** Content blocks between Anthropic's Messages and Amazon's {@code Converse}. */
final class ConverseBlocks {
  private static final String TEXT = "text";

  private int documents;

  /** A block of Converse as one of Messages; empty if Messages have nothing like it. */
  static Optional<ObjectNode> read(JsonNode block) {
    JsonNode reasoning = block.path("reasoningContent");
    if (block.has(TEXT)) {
      return Optional.of(object("text").put(TEXT, block.path(TEXT).asText()));
    }
    if (block.has("toolUse")) {
      JsonNode call = block.path("toolUse");
      return Optional.of(toolUse(call, call.path("input")));
    }
    if (reasoning.has("redactedContent")) {
      String data = reasoning.path("redactedContent").asText();
      return Optional.of(object("redacted_thinking").put("data", data));
    }
    if (reasoning.has("reasoningText")) {
      JsonNode said = reasoning.path("reasoningText");
      return Optional.of(
          object("thinking")
              .put("thinking", said.path(TEXT).asText())
              .put("signature", said.path("signature").asText()));
    }
    return Optional.empty();
  }

  static ObjectNode toolUse(JsonNode call, JsonNode input) {
    ObjectNode block =
        object("tool_use")
            .put("id", call.path("toolUseId").asText())
            .put("name", call.path("name").asText());
    block.set("input", input);
    return block;
  }

  /** Content of Messages, a text or blocks, as blocks of Converse. */
  ArrayNode written(JsonNode content) {
    ArrayNode blocks = JsonNodeFactory.instance.arrayNode();
    if (content.isTextual()) {
      blocks.addObject().put(TEXT, content.asText());
      return blocks;
    }
    for (JsonNode block : content) {
      written(block, blocks);
      mark(block, blocks);
    }
    return blocks;
  }

  /** Adds what ends a part of the prompt that is cached. */
  static void mark(JsonNode holder, ArrayNode list) {
    if (holder.has("cache_control") && !list.isEmpty()) {
      ObjectNode point = list.addObject().putObject("cachePoint").put("type", "default");
      if (holder.path("cache_control").has("ttl")) {
        point.set("ttl", holder.path("cache_control").path("ttl"));
      }
    }
  }

  private void written(JsonNode block, ArrayNode blocks) {
    switch (block.path("type").asText()) {
      case "text" -> {
        // Converse refuses an empty text.
        if (!block.path(TEXT).asText().isBlank()) {
          blocks.addObject().set(TEXT, block.path(TEXT));
        }
      }
      case "thinking" -> {
        ObjectNode said = JsonNodeFactory.instance.objectNode();
        said.put(TEXT, block.path("thinking").asText());
        said.put("signature", block.path("signature").asText());
        blocks.addObject().putObject("reasoningContent").set("reasoningText", said);
      }
      case "redacted_thinking" ->
          blocks
              .addObject()
              .putObject("reasoningContent")
              .set("redactedContent", block.path("data"));
      case "tool_use" -> {
        ObjectNode call = blocks.addObject().putObject("toolUse");
        call.set("toolUseId", block.path("id"));
        call.set("name", block.path("name"));
        call.set("input", block.path("input"));
      }
      case "tool_result" -> {
        ObjectNode result = blocks.addObject().putObject("toolResult");
        result.set("toolUseId", block.path("tool_use_id"));
        result.set("content", result(block.path("content")));
        result.put("status", block.path("is_error").asBoolean() ? "error" : "success");
      }
      case "image" -> media(blocks.addObject().putObject("image"), block);
      case "document" -> {
        ObjectNode document = blocks.addObject().putObject("document");
        // A name is required, and not trusted: the model sees it.
        media(document.put("name", "document-" + ++documents), block);
      }
      default -> throw refused("a block of the type '" + block.path("type").asText() + "'");
    }
  }

  private ArrayNode result(JsonNode content) {
    ArrayNode written = content.isMissingNode() ? written(emptyList()) : written(content);
    if (written.isEmpty()) {
      written.addObject().put(TEXT, "(no output)");
    }
    return written;
  }

  private static ArrayNode emptyList() {
    return JsonNodeFactory.instance.arrayNode();
  }

  private static void media(ObjectNode written, JsonNode block) {
    JsonNode source = block.path("source");
    String type = source.path("media_type").asText();
    if (!source.has("data")) {
      throw refused("content that is named by a URL");
    }
    written.put("format", type.equals("text/plain") ? "txt" : type.replaceFirst(".*/", ""));
    ObjectNode bytes = written.putObject("source");
    if (source.path("type").asText().equals(TEXT)) {
      bytes.set(TEXT, source.path("data"));
    } else {
      bytes.set("bytes", source.path("data"));
    }
  }

  private static ConcertException refused(String what) {
    return new ConcertException(
        ErrorCode.INVALID_MESSAGE, "messages: Bedrock's Converse does not take " + what + ".");
  }

  private static ObjectNode object(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }
}
