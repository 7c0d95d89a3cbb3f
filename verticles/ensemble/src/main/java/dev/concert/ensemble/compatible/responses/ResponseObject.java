package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.json.Json;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes the response object of the Responses API.
 *
 * @param created seconds since 1970
 * @param asked the request's body, because a response repeats its options; only those that were
 *     applied
 * @param tools the tools that the client knows
 * @param saver stores the response, unless the client does not want it
 */
record ResponseObject(
    String requestId,
    long created,
    ObjectNode asked,
    DeclaredTools tools,
    Optional<ResponseSaver> saver) {
  private static final String[] REPEATED = {
    "instructions", "max_output_tokens", "temperature", "top_p", "prompt_cache_key"
  };

  ObjectNode whole(InferenceResponse response) {
    if (compacts()) {
      return compacted(response, event -> {});
    }
    OutputItemWriter items = new OutputItemWriter(requestId, tools, event -> {});
    response.blocks().forEach(items::add);
    return ended(items, response);
  }

  /** Whether the client wants the conversation replaced by one item, not an answer. */
  boolean compacts() {
    return Compaction.isAsked(asked);
  }

  /**
   * The final response with the item that replaces the conversation.
   *
   * @param events receives the events of the item
   * @throws dev.concert.error.ConcertException if the model wrote no summary
   */
  ObjectNode compacted(InferenceResponse response, Consumer<ObjectNode> events) {
    ItemEvents place = new ItemEvents(events, "cmp_ens_" + requestId, 0);
    ObjectNode item = Compaction.item(place.id(), response);
    place.added(item);
    place.done(item);
    return ended(asked.arrayNode().add(item), response);
  }

  /** Ends the items and creates the final response. */
  ObjectNode ended(OutputItemWriter items, InferenceResponse response) {
    boolean cut = !reason(response).isEmpty() && response.finishReason() != FinishReason.REFUSAL;
    items.end(!cut);
    return ended(items.written(), response);
  }

  /** Why the response is incomplete; empty if it is complete. */
  private static String reason(InferenceResponse response) {
    return switch (response.finishReason()) {
      case END_TURN, TOOL_USE, STOP_SEQUENCE, PAUSE_TURN -> "";
      case MAX_TOKENS, CONTEXT_WINDOW_FULL -> "max_output_tokens";
      case REFUSAL -> "content_filter";
    };
  }

  private ObjectNode ended(ArrayNode output, InferenceResponse response) {
    String reason = reason(response);
    ObjectNode body = frame(reason.isEmpty() ? "completed" : "incomplete", output);
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
        VendorJson.newObject()
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
    repeat("reasoning", "effort", body);
    repeat("text", "format", body);
    body.set("output", output);
    body.put("parallel_tool_calls", asked.path("parallel_tool_calls").asBoolean(true));
    referable(body);
    body.set("tool_choice", asked.has("tool_choice") ? asked.get("tool_choice") : text("auto"));
    body.set("tools", asked.has("tools") ? asked.get("tools") : asked.arrayNode());
    return body.put("truncation", "disabled").putNull("usage");
  }

  /** Whether later requests can refer to it. */
  boolean isStored() {
    return saver.isPresent() && asked.path("store").asBoolean(true);
  }

  /** Says how later requests can refer to the response. */
  ObjectNode referable(ObjectNode response) {
    response.put("id", "resp_" + requestId).put("store", isStored());
    return response.put(
        "previous_response_id", saver.flatMap(ResponseSaver::previous).orElse(null));
  }

  /** Completes when the response can be found although it is not made yet. */
  Future<Void> begun() {
    return isStored()
        ? saver.get().begin(asked.path("input"), frame("in_progress", asked.arrayNode()))
        : Future.succeededFuture();
  }

  /** Nothing came of it. */
  void dropped() {
    if (isStored()) {
      saver.get().drop("resp_" + requestId);
    }
  }

  /** Stores the response, if its client wants it; then runs the action. */
  void saved(ObjectNode response, Runnable then) {
    if (isStored()) {
      saver.get().save(asked.path("input"), response).onComplete(stored -> then.run());
    } else {
      then.run();
    }
  }

  /** Repeats the only field of an option that every provider applies. */
  private void repeat(String option, String field, ObjectNode body) {
    if (VendorJson.has(asked.path(option), field)) {
      body.putObject(option).set(field, asked.path(option).path(field));
    } else {
      body.putNull(option);
    }
  }

  /** The client's name of the model. */
  String model() {
    return asked.path("model").asText();
  }

  private JsonNode text(String word) {
    return asked.textNode(word);
  }

  static ObjectNode usage(InferenceResponse response) {
    long prompt = response.inputTokens() + response.cachedTokens() + response.cacheWriteTokens();
    ObjectNode usage = VendorJson.newObject().put("input_tokens", prompt);
    usage
        .putObject("input_tokens_details")
        .put("cached_tokens", response.cachedTokens())
        .put("cache_write_tokens", response.cacheWriteTokens());
    usage.put("output_tokens", response.outputTokens());
    usage.putObject("output_tokens_details").put("reasoning_tokens", response.reasoningTokens());
    return usage.put("total_tokens", prompt + response.outputTokens()).put("cost", response.cost());
  }
}
