package dev.concert.ensemble.provider.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Translates answers of {@code Converse} into events of Anthropic's Messages. Not thread-safe:
 * belongs to one answer.
 */
final class ConverseEvents {
  private static final String INDEX = "index";

  /** A block that has begun and not ended; Converse announces only calls of tools. */
  private int open = -1;

  private String stopReason = "";

  /** The events of Messages for one of Converse; none for an unknown one. */
  List<ObjectNode> translated(String name, JsonNode event) {
    List<ObjectNode> events = new ArrayList<>();
    int index = event.path("contentBlockIndex").asInt();
    switch (name) {
      case "messageStart" -> events.add(start());
      case "contentBlockStart" -> {
        JsonNode call = event.path("start").path("toolUse");
        if (call.isObject()) {
          begin(events, index, ConverseBlocks.toolUse(call, object()));
        }
      }
      case "contentBlockDelta" -> delta(events, index, event.path("delta"));
      case "contentBlockStop" -> {
        if (open == index) {
          open = -1;
          events.add(event("content_block_stop").put(INDEX, index));
        }
      }
      case "messageStop" -> stopReason = event.path("stopReason").asText();
      case "metadata" -> {
        ObjectNode last = event("message_delta");
        last.putObject("delta").put("stop_reason", reason(stopReason));
        last.set("usage", usage(event.path("usage")));
        events.add(last);
        events.add(event("message_stop"));
      }
      default -> {
        // A new kind of event.
      }
    }
    return events;
  }

  private void delta(List<ObjectNode> events, int index, JsonNode delta) {
    JsonNode reasoning = delta.path("reasoningContent");
    if (delta.has("text")) {
      begin(events, index, event("text").put("text", ""));
      add(events, index, event("text_delta").put("text", delta.path("text").asText()));
    } else if (delta.has("toolUse")) {
      String input = delta.path("toolUse").path("input").asText();
      add(events, index, event("input_json_delta").put("partial_json", input));
    } else if (reasoning.has("redactedContent")) {
      String data = reasoning.path("redactedContent").asText();
      begin(events, index, event("redacted_thinking").put("data", data));
    } else if (reasoning.isObject()) {
      begin(events, index, event("thinking").put("thinking", "").put("signature", ""));
      if (reasoning.has("signature")) {
        String signature = reasoning.path("signature").asText();
        add(events, index, event("signature_delta").put("signature", signature));
      } else {
        String text = reasoning.path("text").asText();
        add(events, index, event("thinking_delta").put("thinking", text));
      }
    }
  }

  private void begin(List<ObjectNode> events, int index, ObjectNode block) {
    if (open != index) {
      open = index;
      ObjectNode begun = event("content_block_start").put(INDEX, index);
      begun.set("content_block", block);
      events.add(begun);
    }
  }

  private static void add(List<ObjectNode> events, int index, ObjectNode delta) {
    ObjectNode event = event("content_block_delta").put(INDEX, index);
    event.set("delta", delta);
    events.add(event);
  }

  private static ObjectNode start() {
    ObjectNode start = event("message_start");
    start.putObject("message").put("role", "assistant").putArray("content");
    return start;
  }

  /** The message of Messages for a whole answer of Converse. */
  static ObjectNode whole(JsonNode answer) {
    ObjectNode message = event("message").put("role", "assistant");
    ArrayNode content = message.putArray("content");
    answer
        .path("output")
        .path("message")
        .path("content")
        .forEach(block -> ConverseBlocks.read(block).ifPresent(content::add));
    message.put("stop_reason", reason(answer.path("stopReason").asText()));
    message.set("usage", usage(answer.path("usage")));
    return message;
  }

  private static String reason(String theirs) {
    return switch (theirs) {
      case "guardrail_intervened", "content_filtered" -> "refusal";
      case "malformed_model_output", "malformed_tool_use" -> "error";
      default -> theirs;
    };
  }

  /** As in Messages, the input is what the cache has nothing to do with. */
  private static ObjectNode usage(JsonNode theirs) {
    return object()
        .put("input_tokens", theirs.path("inputTokens").asLong())
        .put("cache_read_input_tokens", theirs.path("cacheReadInputTokens").asLong())
        .put("cache_creation_input_tokens", theirs.path("cacheWriteInputTokens").asLong())
        .put("output_tokens", theirs.path("outputTokens").asLong());
  }

  private static ObjectNode event(String type) {
    return object().put("type", type);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
