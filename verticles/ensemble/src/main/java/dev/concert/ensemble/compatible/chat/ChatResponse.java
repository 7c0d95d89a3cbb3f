package dev.concert.ensemble.compatible.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import dev.concert.ensemble.block.ToolCallStart;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.json.Json;
import java.util.stream.Collectors;

/** Writes the objects of Chat Completions' responses. */
record ChatResponse(String id, long created, ChatTools tools) {

  ObjectNode whole(InferenceResponse response) {
    ObjectNode body = frame("chat.completion", response.model());
    ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
    message(choice.putObject("message").put("role", "assistant"), response);
    choice.putNull("logprobs").put("finish_reason", word(response.finishReason()));
    body.set("usage", usage(response));
    body.set("routing", Json.MAPPER.valueToTree(response.routing()));
    return body;
  }

  /** The fields that a chunk and a whole response have in common. */
  ObjectNode frame(String object, String model) {
    return VendorJson.newObject()
        .put("id", id)
        .put("object", object)
        .put("created", created)
        .put("model", model);
  }

  private void message(ObjectNode message, InferenceResponse response) {
    String text =
        response.blocks().stream()
            .filter(TextBlock.class::isInstance)
            .map(block -> ((TextBlock) block).text())
            .collect(Collectors.joining());
    message.put("content", text.isEmpty() ? null : text).putNull("refusal");
    String reasoning =
        response.blocks().stream()
            .filter(ThinkingBlock.class::isInstance)
            .map(block -> ((ThinkingBlock) block).text())
            .collect(Collectors.joining());
    if (!reasoning.isEmpty()) {
      message.put("reasoning_content", reasoning);
    }
    ArrayNode details = message.arrayNode();
    ArrayNode calls = message.arrayNode();
    for (Block block : response.blocks()) {
      switch (block) {
        case ThinkingBlock thinking -> details.add(Json.MAPPER.<JsonNode>valueToTree(thinking));
        case OpaqueBlock opaque -> {
          details.add(Json.MAPPER.<JsonNode>valueToTree(opaque));
          GeneratedImage.write(message, opaque);
        }
        case ToolCallBlock call -> calls.add(tools.call(call));
        case TextBlock shown -> {
          // Joined above.
        }
        case ToolCallStart piece -> {
          // Only in streams.
        }
        case ToolCallDelta piece -> {
          // Only in streams.
        }
      }
    }
    if (!details.isEmpty()) {
      message.set("reasoning_details", details);
    }
    if (!calls.isEmpty() && tools.former()) {
      message.set("function_call", calls.path(0).path("function"));
    } else if (!calls.isEmpty()) {
      message.set("tool_calls", calls);
    }
  }

  static ObjectNode usage(InferenceResponse response) {
    long prompt = response.inputTokens() + response.cachedTokens() + response.cacheWriteTokens();
    ObjectNode usage =
        VendorJson.newObject()
            .put("prompt_tokens", prompt)
            .put("completion_tokens", response.outputTokens())
            .put("total_tokens", prompt + response.outputTokens());
    usage.putObject("prompt_tokens_details").put("cached_tokens", response.cachedTokens());
    usage
        .putObject("completion_tokens_details")
        .put("reasoning_tokens", response.reasoningTokens());
    return usage.put("cost", response.cost());
  }

  String word(FinishReason reason) {
    return switch (reason) {
      case END_TURN, STOP_SEQUENCE, PAUSE_TURN -> "stop";
      case TOOL_USE -> tools.former() ? "function_call" : "tool_calls";
      case MAX_TOKENS, CONTEXT_WINDOW_FULL -> "length";
      case REFUSAL -> "content_filter";
    };
  }
}
