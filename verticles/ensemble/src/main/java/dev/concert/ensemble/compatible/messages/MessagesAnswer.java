package dev.concert.ensemble.compatible.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bus.Json;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import dev.concert.ensemble.block.ToolCallStart;
import dev.concert.ensemble.compatible.Body;
import dev.concert.ensemble.compatible.Carried;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.message.InferenceResponse;
import java.util.Optional;

/** Answers in the form of the Messages API. */
final class MessagesAnswer {
  private static final String ORIGIN = "anthropic";

  private MessagesAnswer() {}

  static ObjectNode whole(String id, InferenceResponse response) {
    ObjectNode message = frame(id, response.model());
    ArrayNode content = message.putArray("content");
    response.blocks().forEach(block -> block(block).ifPresent(content::add));
    message.put("stop_reason", word(response.finishReason()));
    message.put("stop_sequence", response.stopSequence());
    message.set("usage", usage(response));
    message.set("routing", Json.MAPPER.valueToTree(response.routing()));
    return message;
  }

  static ObjectNode frame(String id, String model) {
    return Body.newObject()
        .put("id", id)
        .put("type", "message")
        .put("role", "assistant")
        .put("model", model);
  }

  /** A whole block; empty for what is only a piece of a stream. */
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
      node.put("ensemble_opaque", Carried.text(opaque));
    }
    return node;
  }

  /** Anthropic's own, or what another vendor wants back. */
  static String signature(ThinkingBlock thinking) {
    if (thinking.signature() != null) {
      return thinking.signature();
    }
    return thinking.opaque() == null ? "" : Carried.text(thinking.opaque());
  }

  static ObjectNode call(ToolCallBlock block) {
    ToolCall call = block.call();
    ObjectNode node = object("tool_use").put("id", call.id()).put("name", call.name());
    JsonNode input = call.arguments();
    node.set("input", input == null || input.isNull() ? Body.newObject() : input);
    if (block.opaque() != null) {
      node.put("ensemble_opaque", Carried.text(block.opaque()));
    }
    return node;
  }

  static ObjectNode opaque(Opaque opaque) {
    return opaque
        .from(ORIGIN)
        .map(ObjectNode.class::cast)
        .orElseGet(() -> object("redacted_thinking").put("data", Carried.text(opaque)));
  }

  static ObjectNode object(String type) {
    return Body.newObject().put("type", type);
  }

  static ObjectNode usage(InferenceResponse response) {
    return Body.newObject()
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
