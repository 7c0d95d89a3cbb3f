package dev.concert.ensemble.provider.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.ProviderOutcome;
import dev.concert.ensemble.provider.upstream.MalformedResponse;
import dev.concert.ensemble.provider.upstream.ResponseReader;
import dev.concert.ensemble.provider.upstream.SseEvent;
import dev.concert.ensemble.provider.upstream.UpstreamError;
import dev.concert.error.ConcertException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads the events of a response, or one whole response. A response is complete only with {@code
 * response.completed} or {@code response.incomplete}. Not thread-safe.
 *
 * <p>Format: https://platform.openai.com/docs/api-reference/responses-streaming
 */
final class ResponsesReader implements ResponseReader {
  private final String provider;
  private final ItemAssembler items;
  private Optional<JsonNode> response = Optional.empty();

  ResponsesReader(String provider, Consumer<Block> sink) {
    this.provider = provider;
    this.items = new ItemAssembler(provider, sink);
  }

  @Override
  public void event(SseEvent event) {
    if (response.isPresent() || event.data().strip().equals("[DONE]")) {
      return;
    }
    JsonNode data = event.object(provider);
    switch (data.path("type").asText()) {
      case "response.output_item.added" -> items.begin(item(data), index(data));
      case "response.output_item.done" -> items.finish(item(data), index(data));
      case "response.content_part.added" -> items.beginPart();
      case "response.content_part.done" -> items.finishPart(data.path("part"), index(data));
      case "response.output_text.delta", "response.refusal.delta" ->
          items.text(data.path("delta").asText());
      case "response.function_call_arguments.delta" ->
          items.arguments(index(data), data.path("delta").asText());
      case "response.reasoning_summary_part.added" ->
          items.beginSummary(data.path("summary_index").asInt());
      case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" ->
          items.thinking(data.path("delta").asText());
      case "response.completed", "response.incomplete", "response.failed", "response.cancelled" ->
          whole(data.path("response"));
      case "error" -> throw UpstreamError.inStream(provider, data);
      default -> {
        // Repeated texts, progress of server tools, or unknown events.
      }
    }
  }

  @Override
  public void whole(JsonNode body) {
    String status = body.path("status").asText();
    if (status.equals("failed") || body.path("error").isObject()) {
      throw UpstreamError.inStream(provider, body);
    }
    if (items.isEmpty()) {
      int index = 0;
      for (JsonNode item : body.path("output")) {
        items.whole(object(item), index++);
      }
    }
    response = Optional.of(body);
  }

  @Override
  public boolean isLast() {
    return response.isPresent();
  }

  @Override
  public Optional<TokenCount> counted() {
    return response.map(body -> body.path("usage")).filter(JsonNode::isObject).map(this::count);
  }

  @Override
  public ProviderOutcome end() {
    JsonNode body =
        response.orElseThrow(
            () -> broken("ended without a final response: the response is truncated"));
    boolean compacted = body.path("object").asText().equals("response.compaction");
    String status = body.path("status").asText(compacted ? "completed" : "");
    String reason = body.path("incomplete_details").path("reason").asText("");
    FinishReason finish =
        switch (status) {
          case "completed" -> completed();
          case "incomplete" -> incomplete(reason);
          default -> throw broken("ended as '" + UpstreamError.shortened(status) + "'");
        };
    return new ProviderOutcome(
        finish, Optional.of(reason.isEmpty() ? status : reason), Optional.empty(), counted());
  }

  private FinishReason completed() {
    if (items.hasOpen()) {
      throw broken("ended in the middle of an item");
    }
    if (items.hasCalls()) {
      return FinishReason.TOOL_USE;
    }
    return items.isRefused() ? FinishReason.REFUSAL : FinishReason.END_TURN;
  }

  private static FinishReason incomplete(String reason) {
    // Whatever the reason: the answer was cut off.
    return reason.equalsIgnoreCase("content_filter")
        ? FinishReason.REFUSAL
        : FinishReason.MAX_TOKENS;
  }

  private TokenCount count(JsonNode usage) {
    JsonNode details = usage.path("input_tokens_details");
    return TokenCount.ofPromptTotal(
        usage.path("input_tokens").asLong(),
        details.path("cached_tokens").asLong(),
        details.path("cache_write_tokens").asLong(),
        usage.path("output_tokens").asLong(),
        usage.path("output_tokens_details").path("reasoning_tokens").asLong());
  }

  private ObjectNode item(JsonNode data) {
    return object(data.path("item"));
  }

  private ObjectNode object(JsonNode item) {
    if (item instanceof ObjectNode object) {
      return object;
    }
    throw broken("sent an item that is not an object");
  }

  private static int index(JsonNode data) {
    return data.path("output_index").asInt();
  }

  private ConcertException broken(String what) {
    return MalformedResponse.of(provider, what);
  }
}
