package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bus.Json;
import dev.concert.ensemble.compatible.Body;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.message.InferenceResponse;

/**
 * The response object.
 *
 * @param created seconds since 1970
 * @param asked the request's body, whose options a response repeats
 */
record ResponsesAnswer(String requestId, long created, ObjectNode asked) {
  private static final String[] REPEATED = {
    "instructions",
    "max_output_tokens",
    "temperature",
    "top_p",
    "reasoning",
    "text",
    "metadata",
    "prompt_cache_key",
    "user"
  };

  ObjectNode whole(InferenceResponse response) {
    OutputItems items = new OutputItems(requestId, event -> {});
    response.blocks().forEach(items::add);
    return ended(items, response);
  }

  /** The response when its answer is over; ends the items too. */
  ObjectNode ended(OutputItems items, InferenceResponse response) {
    String reason =
        switch (response.finishReason()) {
          case END_TURN, TOOL_USE, STOP_SEQUENCE, PAUSE_TURN -> "";
          case MAX_TOKENS, CONTEXT_WINDOW_FULL -> "max_output_tokens";
          case REFUSAL -> "content_filter";
        };
    items.end(reason.isEmpty() || response.finishReason() == FinishReason.REFUSAL);
    ObjectNode body = frame(reason.isEmpty() ? "completed" : "incomplete", items.written());
    if (!reason.isEmpty()) {
      body.putObject("incomplete_details").put("reason", reason);
    }
    body.put("model", response.model());
    body.set("usage", usage(response));
    body.set("routing", Json.MAPPER.valueToTree(response.routing()));
    return body;
  }

  ObjectNode frame(String status, ArrayNode output) {
    ObjectNode body =
        Body.newObject()
            .put("id", "resp_" + requestId)
            .put("object", "response")
            .put("created_at", created)
            .put("status", status)
            .put("background", false)
            .putNull("error")
            .putNull("incomplete_details")
            .put("model", asked.path("model").asText());
    for (String option : REPEATED) {
      if (asked.has(option)) {
        body.set(option, asked.get(option));
      } else {
        body.putNull(option);
      }
    }
    body.set("output", output);
    body.put("parallel_tool_calls", asked.path("parallel_tool_calls").asBoolean(true))
        .putNull("previous_response_id")
        .put("store", false);
    body.set("tool_choice", asked.has("tool_choice") ? asked.get("tool_choice") : text("auto"));
    body.set("tools", asked.has("tools") ? asked.get("tools") : asked.arrayNode());
    return body.put("truncation", "disabled").putNull("usage");
  }

  private JsonNode text(String word) {
    return asked.textNode(word);
  }

  private static ObjectNode usage(InferenceResponse response) {
    long prompt = response.inputTokens() + response.cachedTokens() + response.cacheWriteTokens();
    ObjectNode usage = Body.newObject().put("input_tokens", prompt);
    usage
        .putObject("input_tokens_details")
        .put("cached_tokens", response.cachedTokens())
        .put("cache_write_tokens", response.cacheWriteTokens());
    usage.put("output_tokens", response.outputTokens());
    usage.putObject("output_tokens_details").put("reasoning_tokens", response.reasoningTokens());
    return usage.put("total_tokens", prompt + response.outputTokens()).put("cost", response.cost());
  }
}
