package dev.concert.ensemble.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import dev.concert.ensemble.block.ToolCallStart;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.ProviderOutcome;
import dev.concert.ensemble.provider.upstream.MalformedResponse;
import dev.concert.ensemble.provider.upstream.ResponseReader;
import dev.concert.ensemble.provider.upstream.SseEvent;
import dev.concert.ensemble.provider.upstream.UpstreamError;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/**
 * Reads {@code GenerateContentResponse} objects: many in a stream, or one. There is no end mark: a
 * response is complete only with a finish reason and a clean end of the body. Of several candidates
 * the first is read. Not thread-safe.
 *
 * <p>Format: https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse
 */
final class GenerateReader implements ResponseReader {
  private final String provider;
  private final Consumer<Block> sink;
  private final PartMapper parts = new PartMapper();
  private Optional<String> finishReason = Optional.empty();
  private Optional<TokenCount> usage = Optional.empty();
  private final Set<String> ids = new HashSet<>();

  /** The further candidates that have begun and not ended; the client gets them as they are. */
  private final Set<Integer> unfinished = new HashSet<>();

  private Open open = Open.NOTHING;
  private boolean calls;
  private boolean said;

  /** The kind of the last piece, so that a part that must stand alone ends it. */
  private enum Open {
    NOTHING,
    TEXT,
    THINKING
  }

  GenerateReader(String provider, Consumer<Block> sink) {
    this.provider = provider;
    this.sink = sink;
  }

  @Override
  public void event(SseEvent event) {
    whole(event.object(provider));
  }

  @Override
  public void whole(JsonNode body) {
    if (body.path("error").isObject()) {
      throw UpstreamError.inStream(provider, body);
    }
    if (body.path("usageMetadata").isObject()) {
      usage = Optional.of(count(body.path("usageMetadata")));
    }
    String blocked = body.path("promptFeedback").path("blockReason").asText("");
    if (!blocked.isEmpty()) {
      throw new ConcertException(
          ErrorCode.PROVIDER_BLOCKED,
          "The provider '%s' refused the request by its policy: %s."
              .formatted(provider, UpstreamError.shortened(blocked)));
    }
    for (JsonNode candidate : body.path("candidates")) {
      int index = candidate.path("index").asInt();
      String reason = candidate.path("finishReason").asText("");
      boolean ended = !reason.isEmpty() && !reason.equals("FINISH_REASON_UNSPECIFIED");
      if (index == 0) {
        parts(candidate);
        finishReason = ended ? Optional.of(reason) : finishReason;
      } else if (ended) {
        unfinished.remove(index);
      } else {
        unfinished.add(index);
      }
    }
  }

  private void parts(JsonNode candidate) {
    for (JsonNode part : candidate.path("content").path("parts")) {
      if (!(part instanceof ObjectNode object)) {
        throw broken("sent a part that is not an object");
      }
      said = true;
      part(object);
    }
  }

  /** Token counts may follow the finish reason, so the response ends only with its body. */
  @Override
  public boolean isLast() {
    return false;
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
      throw broken("ended in the middle of a candidate: the response is truncated");
    }
    return new ProviderOutcome(known(reason), finishReason, Optional.empty(), usage);
  }

  private void part(ObjectNode part) {
    if (part.path("functionCall") instanceof ObjectNode call
        && call.has("id")
        && !ids.add(call.path("id").asText())) {
      // The vendor identifies the results of two calls with one id by their order.
      call.remove("id");
    }
    switch (parts.read(part)) {
      case TextBlock text -> piece(text, text.opaque(), Open.TEXT);
      case ThinkingBlock thinking -> piece(thinking, thinking.opaque(), Open.THINKING);
      case ToolCallBlock call -> call(call);
      case Block other -> {
        open = Open.NOTHING;
        sink.accept(other);
      }
    }
  }

  private void piece(Block block, Opaque opaque, Open kind) {
    if (opaque == null) {
      open = kind;
    } else {
      endBefore(kind);
      open = Open.NOTHING;
    }
    sink.accept(block);
  }

  /** Ends the pieces before a part with a signature, which must not be joined with them. */
  private void endBefore(Open kind) {
    if (open == kind) {
      Opaque end = Opaque.end(GeminiDialect.ORIGIN);
      sink.accept(kind == Open.TEXT ? new TextBlock("", end) : new ThinkingBlock("", null, end));
    }
  }

  /** Calls are not streamed by this API. */
  private void call(ToolCallBlock call) {
    if (call.call().name().isEmpty()) {
      throw broken("sent a tool call without a name");
    }
    calls = true;
    open = Open.NOTHING;
    sink.accept(new ToolCallStart(call.call().id(), call.call().name(), call.opaque()));
    sink.accept(new ToolCallDelta(call.call().id(), call.call().argumentsText()));
    sink.accept(call);
  }

  /** Finish reasons: https://ai.google.dev/api/generate-content#FinishReason. */
  private FinishReason known(String reason) {
    return switch (reason.strip().toUpperCase(Locale.ROOT)) {
      case "STOP" -> calls ? FinishReason.TOOL_USE : FinishReason.END_TURN;
      case "MAX_TOKENS" -> FinishReason.MAX_TOKENS;
      case "SAFETY",
          "RECITATION",
          "BLOCKLIST",
          "PROHIBITED_CONTENT",
          "SPII",
          "IMAGE_SAFETY",
          "IMAGE_PROHIBITED_CONTENT",
          "IMAGE_RECITATION",
          "MODEL_ARMOR" ->
          FinishReason.REFUSAL;
      case "OTHER",
          "LANGUAGE",
          "IMAGE_OTHER",
          "NO_IMAGE",
          "MALFORMED_FUNCTION_CALL",
          "MALFORMED_RESPONSE",
          "UNEXPECTED_TOOL_CALL",
          "TOO_MANY_TOOL_CALLS",
          "MISSING_THOUGHT_SIGNATURE" ->
          throw broken("ended for the reason '" + UpstreamError.shortened(reason) + "'");
      // One that is not known ends the turn: the answer before it is whole.
      default -> {
        if (!said) {
          throw broken("said nothing, for the reason '" + UpstreamError.shortened(reason) + "'");
        }
        yield calls ? FinishReason.TOOL_USE : FinishReason.END_TURN;
      }
    };
  }

  /**
   * Thoughts are counted separately from the candidates; what server tools read counts as prompt.
   */
  private static TokenCount count(JsonNode usage) {
    long thoughts = usage.path("thoughtsTokenCount").asLong();
    TokenCount all =
        TokenCount.ofPromptTotal(
            usage.path("promptTokenCount").asLong()
                + usage.path("toolUsePromptTokenCount").asLong(),
            usage.path("cachedContentTokenCount").asLong(),
            0,
            usage.path("candidatesTokenCount").asLong() + thoughts,
            thoughts);
    return all.withAudio(
        audio(usage.path("promptTokensDetails")) + audio(usage.path("toolUsePromptTokensDetails")),
        audio(usage.path("cacheTokensDetails")));
  }

  /**
   * The audio tokens of a list of {@code ModalityTokenCount}; the details of a prompt include
   * cached tokens.
   */
  private static long audio(JsonNode details) {
    return StreamSupport.stream(details.spliterator(), false)
        .filter(one -> one.path("modality").asText().equals("AUDIO"))
        .mapToLong(one -> one.path("tokenCount").asLong())
        .sum();
  }

  private ConcertException broken(String what) {
    return MalformedResponse.of(provider, what);
  }
}
