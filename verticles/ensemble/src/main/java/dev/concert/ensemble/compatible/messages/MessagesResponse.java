package dev.concert.ensemble.compatible.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.OpaqueToken;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import dev.concert.ensemble.block.ToolCallStart;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.json.Json;
import java.util.Optional;

/** Writes the objects of the Messages API's responses. */
final class MessagesResponse {
  private static final String ORIGIN = "anthropic";

  private MessagesResponse() {}

  static ObjectNode whole(String id, InferenceResponse response) {
    ObjectNode message = frame(id, response.model());
    message.set("content", content(response));
    message.put("stop_reason", word(response.finishReason()));
    message.put("stop_sequence", response.stopSequence());
    message.set("usage", usage(response));
    message.set("routing", Json.MAPPER.valueToTree(response.routing()));
    return message;
  }

  static ArrayNode content(InferenceResponse response) {
    ArrayNode content = VendorJson.newObject().arrayNode();
    response.blocks().forEach(block -> block(block).ifPresent(content::add));
    return content;
  }

  static ObjectNode frame(String id, String model) {
    return VendorJson.newObject()
        .put("id", id)
        .put("type", "message")
        .put("role", "assistant")
        .put("model", model);
  }

  /** A whole block; empty for a piece of a stream. */
  static Optional<ObjectNode> block(Block block) {
    return switch (block) {
      case TextBlock text -> Optional.of(text(text.text(), text.opaque()));
      case ThinkingBlock thinking ->
          Optional.of(
              object("thinking")
                  .put("thinking", thinking.text())
                  .put("signature", signature(thinking)));
      case ToolCallBlock call -> Optional.of(call(call));
      case OpaqueBlock opaque -> Optional.of(opaque(opaque.opaque()));
      case ToolCallStart piece -> Optional.empty();
      case ToolCallDelta piece -> Optional.empty();
    };
  }

  private static ObjectNode text(String text, Opaque opaque) {
    ObjectNode node = object("text").put("text", text);
    if (opaque != null && !opaque.isOnlyEnd()) {
      further(node, opaque);
    }
    return node;
  }

  /** Anthropic's own signature, or the data that another vendor wants back. */
  static String signature(ThinkingBlock thinking) {
    if (thinking.signature() != null) {
      return thinking.signature();
    }
    return thinking.opaque() == null ? "" : OpaqueToken.text(thinking.opaque());
  }

  static ObjectNode call(ToolCallBlock block) {
    ToolCall call = block.call();
    ObjectNode node = object("tool_use").put("id", call.id()).put("name", call.name());
    JsonNode input = call.arguments();
    node.set("input", input == null || input.isNull() ? VendorJson.newObject() : input);
    if (block.opaque() != null) {
      further(node, block.opaque());
    }
    return node;
  }

  /** Anthropic's own further fields, such as citations, are fields of this API. */
  private static void further(ObjectNode node, Opaque opaque) {
    opaque
        .from(ORIGIN)
        .map(ObjectNode.class::cast)
        .ifPresentOrElse(node::setAll, () -> node.put("ensemble_opaque", OpaqueToken.text(opaque)));
  }

  static ObjectNode opaque(Opaque opaque) {
    return opaque
        .from(ORIGIN)
        .map(ObjectNode.class::cast)
        .orElseGet(() -> object("redacted_thinking").put("data", OpaqueToken.text(opaque)));
  }

  static ObjectNode object(String type) {
    return VendorJson.newObject().put("type", type);
  }

  static ObjectNode usage(InferenceResponse response) {
    return VendorJson.newObject()
        .put("input_tokens", response.inputTokens())
        .put("cache_creation_input_tokens", response.cacheWriteTokens())
        .put("cache_read_input_tokens", response.cachedTokens())
        .put("output_tokens", response.outputTokens())
        .put("cost", response.cost());
  }

  static String word(FinishReason reason) {
    return switch (reason) {
      case END_TURN -> "end_turn";
      case TOOL_USE -> "tool_use";
      case MAX_TOKENS -> "max_tokens";
      case CONTEXT_WINDOW_FULL -> "model_context_window_exceeded";
      case STOP_SEQUENCE -> "stop_sequence";
      case PAUSE_TURN -> "pause_turn";
      case REFUSAL -> "refusal";
    };
  }
}
