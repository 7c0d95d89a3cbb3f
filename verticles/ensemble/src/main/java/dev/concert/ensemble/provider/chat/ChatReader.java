package dev.concert.ensemble.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.Outcome;
import dev.concert.ensemble.provider.upstream.AnswerReader;
import dev.concert.ensemble.provider.upstream.BrokenAnswer;
import dev.concert.ensemble.provider.upstream.ServerEvent;
import dev.concert.ensemble.provider.upstream.UpstreamError;
import dev.concert.error.ConcertException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads {@code chat.completion.chunk} events, or one {@code chat.completion}: an answer is whole
 * only when the server gave a finish reason. Not thread-safe.
 */
final class ChatReader implements AnswerReader {
  private static final String LAST = "[DONE]";

  private final String provider;
  private final Consumer<Block> sink;
  private final ToolCallAssembly calls;
  private final ArrayNode reasoningDetails = JsonNodeFactory.instance.arrayNode();
  private Optional<String> finishReason = Optional.empty();
  private Optional<TokenCount> usage = Optional.empty();
  private boolean refused;
  private boolean last;

  ChatReader(String provider, Consumer<Block> sink) {
    this.provider = provider;
    this.sink = sink;
    this.calls = new ToolCallAssembly(sink);
  }

  @Override
  public void event(ServerEvent event) {
    if (last) {
      return;
    }
    if (event.data().strip().equals(LAST)) {
      last = true;
      return;
    }
    read(BrokenAnswer.object(provider, event.data()), "delta");
  }

  @Override
  public void whole(JsonNode body) {
    read(body, "message");
  }

  @Override
  public boolean isLast() {
    return last;
  }

  @Override
  public Optional<TokenCount> counted() {
    return usage;
  }

  @Override
  public Outcome end() {
    String reason =
        finishReason.orElseThrow(() -> broken("ended without a finish reason: the answer is cut"));
    FinishReason finish = known(reason);
    if (finish == FinishReason.TOOL_USE && calls.isEmpty()) {
      throw broken("announced a tool call and sent none");
    }
    if (calls.hasNameless()) {
      throw broken("sent a tool call without a name");
    }
    keepReasoning();
    // A call that the limit cut in the middle is not a call.
    if (finish == FinishReason.TOOL_USE) {
      calls.finish();
    }
    return new Outcome(finish, Optional.of(reason), Optional.empty(), usage);
  }

  /**
   * @param field where a choice holds its content: {@code delta} or {@code message}
   */
  private void read(JsonNode chunk, String field) {
    if (chunk.path("error").isObject() || chunk.path("error").isTextual()) {
      throw UpstreamError.inStream(provider, chunk);
    }
    if (chunk.path("usage").isObject()) {
      usage = Optional.of(ChatUsage.of(chunk.path("usage")));
    }
    JsonNode choice = chunk.path("choices").path(0);
    if (!choice.isMissingNode() && !choice.isObject()) {
      throw broken("sent a choice that is not an object");
    }
    JsonNode content = choice.path(field);
    if (!content.isMissingNode() && !content.isNull() && !content.isObject()) {
      throw broken("sent a '" + field + "' that is not an object");
    }
    content(content);
    String reason = choice.path("finish_reason").asText("");
    if (choice.path("finish_reason").isTextual() && !reason.isEmpty()) {
      finishReason = Optional.of(reason);
    }
  }

  private void content(JsonNode delta) {
    // DeepSeek, vLLM, llama.cpp and xAI say 'reasoning_content'; OpenRouter and Ollama 'reasoning'.
    String reasoning = text(delta, "reasoning_content").orElse(text(delta, "reasoning").orElse(""));
    if (!reasoning.isEmpty()) {
      sink.accept(new ThinkingBlock(reasoning));
    }
    delta.path("reasoning_details").forEach(this::addDetail);
    text(delta, "content")
        .ifPresent(
            text -> {
              keepReasoning();
              sink.accept(new TextBlock(text));
            });
    text(delta, "refusal")
        .ifPresent(
            text -> {
              refused = true;
              sink.accept(new TextBlock(text));
            });
    for (JsonNode call : delta.path("tool_calls")) {
      calls.add(call);
    }
  }

  /**
   * A detail comes in pieces that belong together by type and index: texts grow, other fields
   * stand.
   */
  private void addDetail(JsonNode detail) {
    JsonNode before = reasoningDetails.path(reasoningDetails.size() - 1);
    boolean goesOn =
        before.isObject()
            && before.path("type").equals(detail.path("type"))
            && before.path("index").equals(detail.path("index"))
            && !"reasoning.encrypted".equals(detail.path("type").asText());
    if (!goesOn || !detail.isObject()) {
      reasoningDetails.add(detail.deepCopy());
      return;
    }
    ObjectNode grown = (ObjectNode) before;
    detail
        .properties()
        .forEach(
            field -> {
              boolean grows = field.getKey().equals("text") || field.getKey().equals("summary");
              if (grows && grown.path(field.getKey()).isTextual()) {
                grown.put(
                    field.getKey(),
                    grown.path(field.getKey()).asText() + field.getValue().asText(""));
              } else if (!field.getValue().isNull()) {
                grown.set(field.getKey(), field.getValue());
              }
            });
  }

  /** What the server wants back goes out at the end of the thinking it belongs to. */
  private void keepReasoning() {
    if (!reasoningDetails.isEmpty()) {
      ObjectNode kept = JsonNodeFactory.instance.objectNode();
      kept.set("reasoning_details", reasoningDetails.deepCopy());
      reasoningDetails.removeAll();
      sink.accept(new ThinkingBlock("", null, Opaque.of(provider, kept)));
    }
  }

  /** Finish reasons: https://platform.openai.com/docs/api-reference/chat/streaming. */
  private FinishReason known(String reason) {
    return switch (reason) {
      case "tool_calls", "function_call" -> FinishReason.TOOL_USE;
      case "length", "max_tokens" -> FinishReason.MAX_TOKENS;
      case "content_filter" -> FinishReason.REFUSAL;
      case "stop", "end_turn", "eos" -> {
        if (refused) {
          yield FinishReason.REFUSAL;
        }
        // Some servers say "stop" after a tool call, too.
        yield calls.isEmpty() ? FinishReason.END_TURN : FinishReason.TOOL_USE;
      }
      default -> throw broken("ended for the reason '" + UpstreamError.shortened(reason) + "'");
    };
  }

  private static Optional<String> text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isTextual() && !value.asText().isEmpty()
        ? Optional.of(value.asText())
        : Optional.empty();
  }

  private ConcertException broken(String what) {
    return BrokenAnswer.of(provider, what);
  }
}
