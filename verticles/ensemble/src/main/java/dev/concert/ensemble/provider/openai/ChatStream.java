package dev.concert.ensemble.provider.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.bus.Json;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.Outcome;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads the events of one stream into blocks and judges its end: an answer is whole only when the
 * server gave a finish reason. Not thread-safe.
 */
final class ChatStream {
  private static final String LAST = "[DONE]";

  private final String provider;
  private final Consumer<Block> sink;
  private final ToolCallAssembly calls;
  private Optional<String> finishReason = Optional.empty();
  private Optional<TokenCount> usage = Optional.empty();
  private boolean refused;
  private boolean last;

  ChatStream(String provider, Consumer<Block> sink) {
    this.provider = provider;
    this.sink = sink;
    this.calls = new ToolCallAssembly(sink);
  }

  /**
   * @throws ConcertException {@code PROVIDER_FAILED} when the event is an error or malformed
   */
  void event(String data) {
    if (last) {
      return;
    }
    if (data.strip().equals(LAST)) {
      last = true;
      return;
    }
    ChatChunk chunk = parse(data);
    if (chunk.error() != null && !chunk.error().isNull()) {
      throw UpstreamError.inStream(
          provider, Json.MAPPER.createObjectNode().set("error", chunk.error()));
    }
    if (chunk.usage() != null) {
      usage = Optional.of(chunk.usage().tokens());
    }
    if (chunk.choices() != null && !chunk.choices().isEmpty()) {
      choice(chunk.choices().getFirst());
    }
  }

  /** True after the server's own end mark: nothing more is to be read. */
  boolean isLast() {
    return last;
  }

  /**
   * What the answer comes to. Called once, at the end mark or at the clean end of the body.
   *
   * @throws ConcertException {@code PROVIDER_FAILED} when the answer did not end by itself
   */
  Outcome end() {
    String reason =
        finishReason.orElseThrow(() -> broken("ended without a finish reason: the answer is cut"));
    FinishReason finish = known(reason);
    if (finish == FinishReason.TOOL_USE && calls.isEmpty()) {
      throw broken("announced a tool call and sent none");
    }
    if (calls.hasNameless()) {
      throw broken("sent a tool call without a name");
    }
    // A call that the limit cut in the middle is not a call.
    if (finish == FinishReason.TOOL_USE) {
      calls.finish();
    }
    return new Outcome(finish, usage);
  }

  private void choice(ChatChunk.Choice choice) {
    if (choice.delta() != null) {
      delta(choice.delta());
    }
    if (choice.finishReason() != null && !choice.finishReason().isEmpty()) {
      finishReason = Optional.of(choice.finishReason());
    }
  }

  private void delta(ChatChunk.Delta delta) {
    String reasoning =
        delta.reasoningContent() != null ? delta.reasoningContent() : delta.reasoning();
    if (present(reasoning)) {
      sink.accept(new ThinkingBlock(reasoning));
    }
    if (present(delta.content())) {
      sink.accept(new TextBlock(delta.content()));
    }
    if (present(delta.refusal())) {
      refused = true;
      sink.accept(new TextBlock(delta.refusal()));
    }
    if (delta.toolCalls() != null) {
      delta.toolCalls().forEach(calls::add);
    }
  }

  /** Finish reasons: https://platform.openai.com/docs/api-reference/chat/streaming. */
  private FinishReason known(String reason) {
    return switch (reason) {
      case "tool_calls", "function_call" -> FinishReason.TOOL_USE;
      case "length" -> FinishReason.MAX_TOKENS;
      case "content_filter" -> FinishReason.REFUSAL;
      case "stop" -> {
        if (refused) {
          yield FinishReason.REFUSAL;
        }
        // Some servers say "stop" after a tool call, too.
        yield calls.isEmpty() ? FinishReason.END_TURN : FinishReason.TOOL_USE;
      }
      default -> throw broken("ended for the reason '" + UpstreamError.shortened(reason) + "'");
    };
  }

  private ChatChunk parse(String data) {
    try {
      ChatChunk chunk = Json.MAPPER.readValue(data, ChatChunk.class);
      if (chunk == null) {
        throw broken("sent an event that is not an object");
      }
      return chunk;
    } catch (JsonProcessingException e) {
      // Without the cause: its text repeats what the model wrote.
      throw broken("sent an event that is not valid JSON of a completion");
    }
  }

  private ConcertException broken(String what) {
    return new ConcertException(
        ErrorCode.PROVIDER_FAILED, "The provider '" + provider + "' " + what + ".");
  }

  private static boolean present(String text) {
    return text != null && !text.isEmpty();
  }
}
