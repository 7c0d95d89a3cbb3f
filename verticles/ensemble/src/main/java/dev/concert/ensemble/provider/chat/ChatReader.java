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
import dev.concert.ensemble.provider.ProviderOutcome;
import dev.concert.ensemble.provider.upstream.MalformedResponse;
import dev.concert.ensemble.provider.upstream.ResponseReader;
import dev.concert.ensemble.provider.upstream.SseEvent;
import dev.concert.ensemble.provider.upstream.UpstreamError;
import dev.concert.error.ConcertException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads {@code chat.completion.chunk} events, or one {@code chat.completion}: a response is
 * complete only with a finish reason. Of several choices the first is read. Not thread-safe.
 */
final class ChatReader implements ResponseReader {
  private static final String LAST = "[DONE]";

  /** The field of a choice that holds a whole message. */
  private static final String WHOLE = "message";

  private final String provider;
  private final ChatTraits traits;
  private final Consumer<Block> sink;
  private final ToolCallAssembler calls;
  private final ArrayNode reasoningDetails = JsonNodeFactory.instance.arrayNode();

  /** The field of the reasoning whose end has not been marked. */
  private Optional<String> openReasoning = Optional.empty();

  private Optional<String> finishReason = Optional.empty();

  /** The further choices that have begun and not ended; the client gets them as they are. */
  private final Set<Integer> unfinished = new HashSet<>();

  private Optional<TokenCount> usage = Optional.empty();
  private boolean refused;
  private boolean said;
  private boolean last;

  ChatReader(String provider, ChatTraits traits, Consumer<Block> sink) {
    this.provider = provider;
    this.traits = traits;
    this.sink = sink;
    this.calls = new ToolCallAssembler(provider, sink);
  }

  @Override
  public void event(SseEvent event) {
    if (last) {
      return;
    }
    if (event.data().strip().equals(LAST)) {
      last = true;
      return;
    }
    read(event.object(provider), "delta");
  }

  @Override
  public void whole(JsonNode body) {
    read(body, WHOLE);
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
  public ProviderOutcome end() {
    String reason =
        finishReason.orElseThrow(
            () -> broken("ended without a finish reason: the response is truncated"));
    if (!unfinished.isEmpty()) {
      throw broken("ended in the middle of a choice: the response is truncated");
    }
    FinishReason finish = known(reason);
    if (finish == FinishReason.TOOL_USE && calls.isEmpty()) {
      throw broken("announced a tool call and sent none");
    }
    if (calls.hasNameless()) {
      throw broken("sent a tool call without a name");
    }
    keepReasoning();
    // A call that the token limit cut off is dropped.
    if (finish == FinishReason.TOOL_USE) {
      calls.finish();
    }
    return new ProviderOutcome(finish, Optional.of(reason), Optional.empty(), usage);
  }

  /**
   * @param field the field of a choice that holds its content: {@code delta} or {@code message}
   */
  private void read(JsonNode chunk, String field) {
    if (chunk.path("error").isObject() || chunk.path("error").isTextual()) {
      throw UpstreamError.inStream(provider, chunk);
    }
    if (chunk.path("usage").isObject()) {
      usage = Optional.of(ChatUsage.of(chunk.path("usage")));
    }
    for (JsonNode choice : chunk.path("choices")) {
      if (!choice.isObject()) {
        throw broken("sent a choice that is not an object");
      }
      int index = choice.path("index").asInt();
      if (index == 0) {
        first(choice, field);
      } else if (choice.path("finish_reason").asText("").isEmpty()) {
        unfinished.add(index);
      } else {
        unfinished.remove(index);
      }
    }
  }

  private void first(JsonNode choice, String field) {
    // Some servers send the whole message as the only piece of a stream.
    String holder = choice.hasNonNull(field) || !choice.path(WHOLE).isObject() ? field : WHOLE;
    JsonNode content = choice.path(holder);
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
    if (!reasoning(delta, ReasoningText.USUAL_FIELD)) {
      reasoning(delta, ReasoningText.OTHER_FIELD);
    }
    delta.path("reasoning_details").forEach(this::addDetail);
    text(delta.path("content"));
    text(delta, "refusal")
        .ifPresent(
            text -> {
              keepReasoning();
              refused = true;
              sink.accept(new TextBlock(text));
            });
    delta.path("tool_calls").forEach(this::call);
    if (delta.path("function_call").isObject()) {
      // As it was before there were tools: one call, without an id.
      call(JsonNodeFactory.instance.objectNode().set("function", delta.path("function_call")));
    }
  }

  private void call(JsonNode call) {
    if (reasoningDetails.isEmpty()) {
      keepReasoning();
    }
    calls.add(call);
  }

  /** A string, or an array of parts as Mistral sends it: docs.mistral.ai/capabilities/reasoning. */
  private void text(JsonNode content) {
    for (JsonNode part : content.isArray() ? content : List.of(content)) {
      if (part.path("type").asText().equals("thinking")) {
        thinking(part.path("thinking"));
      } else {
        String text = part.isTextual() ? part.asText() : part.path("text").asText();
        if (!text.isEmpty()) {
          keepReasoning();
          said = true;
          sink.accept(new TextBlock(text));
        }
      }
    }
  }

  private void thinking(JsonNode thought) {
    for (JsonNode part : thought.isArray() ? thought : List.of(thought)) {
      String text = part.isTextual() ? part.asText() : part.path("text").asText();
      if (!text.isEmpty()) {
        sink.accept(new ThinkingBlock(text));
        openReasoning = Optional.of("content");
      }
    }
  }

  private boolean reasoning(JsonNode delta, String field) {
    Optional<String> piece = text(delta, field);
    piece.ifPresent(
        text -> {
          sink.accept(new ThinkingBlock(text));
          openReasoning = Optional.of(field);
        });
    return piece.isPresent();
  }

  /**
   * Merges the pieces of a reasoning detail by type and index: texts are appended, other fields
   * replaced.
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

  /** Sends the data that the server wants back at the end of its thinking block. */
  private void keepReasoning() {
    if (!reasoningDetails.isEmpty()) {
      ObjectNode kept = JsonNodeFactory.instance.objectNode();
      kept.set("reasoning_details", reasoningDetails.deepCopy());
      reasoningDetails.removeAll();
      sink.accept(new ThinkingBlock("", null, Opaque.of(provider, kept)));
    } else if (traits.history() == ChatTraits.History.TEXT) {
      openReasoning.ifPresent(field -> sink.accept(ReasoningText.end(provider, field)));
    }
    openReasoning = Optional.empty();
  }

  /**
   * Finish reasons: https://platform.openai.com/docs/api-reference/chat/streaming, and those of
   * other servers, in any case. One that is not known ends the turn: the answer before it is whole.
   */
  private FinishReason known(String reason) {
    return switch (reason.strip().toLowerCase(Locale.ROOT)) {
      case "tool_calls", "function_call", "tool_use", "tool_call" -> FinishReason.TOOL_USE;
      // 'abort' of vLLM and SGLang, 'insufficient_system_resource' of DeepSeek: cut off.
      case "length",
          "max_tokens",
          "max_output_tokens",
          "model_length",
          "abort",
          "insufficient_system_resource" ->
          FinishReason.MAX_TOKENS;
      case "content_filter",
          "content_filtered",
          "refusal",
          "sensitive",
          "safety",
          "recitation",
          "blocklist",
          "prohibited_content",
          "spii",
          "guardrail_intervened" ->
          FinishReason.REFUSAL;
      case "error", "network_error" ->
          throw broken("ended for the reason '" + UpstreamError.shortened(reason) + "'");
      case "stop", "end_turn", "eos" -> ended();
      default -> {
        if (!said && calls.isEmpty()) {
          throw broken("said nothing, for the reason '" + UpstreamError.shortened(reason) + "'");
        }
        yield ended();
      }
    };
  }

  /** Some servers say "stop" after a tool call. */
  private FinishReason ended() {
    if (refused) {
      return FinishReason.REFUSAL;
    }
    return calls.isEmpty() ? FinishReason.END_TURN : FinishReason.TOOL_USE;
  }

  private static Optional<String> text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isTextual() && !value.asText().isEmpty()
        ? Optional.of(value.asText())
        : Optional.empty();
  }

  private ConcertException broken(String what) {
    return MalformedResponse.of(provider, what);
  }
}
