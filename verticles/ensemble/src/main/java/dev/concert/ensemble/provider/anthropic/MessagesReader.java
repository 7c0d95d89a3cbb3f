package dev.concert.ensemble.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.ProviderOutcome;
import dev.concert.ensemble.provider.upstream.MalformedResponse;
import dev.concert.ensemble.provider.upstream.ResponseReader;
import dev.concert.ensemble.provider.upstream.SseEvent;
import dev.concert.ensemble.provider.upstream.UpstreamError;
import dev.concert.error.ConcertException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a stream of {@code message_start}, blocks, {@code message_delta} and {@code message_stop},
 * or one whole message. A response is complete only with a stop reason and {@code message_stop}.
 * Not thread-safe.
 *
 * <p>Format: https://platform.claude.com/docs/en/build-with-claude/streaming; unknown event types
 * are ignored, as it requires.
 */
final class MessagesReader implements ResponseReader {
  private final String provider;
  private final Consumer<Block> sink;
  private final ContentBlockMapper blocks = new ContentBlockMapper();
  private final MessagesUsage usage = new MessagesUsage();
  private Optional<BlockAssembler> open = Optional.empty();

  /** The last call is held back until it is known that the token limit did not cut it off. */
  private Optional<ToolCallBlock> lastCall = Optional.empty();

  private Optional<String> stopReason = Optional.empty();
  private Optional<String> stopSequence = Optional.empty();
  private boolean said;
  private int calls;
  private boolean begun;
  private boolean last;

  MessagesReader(String provider, Consumer<Block> sink) {
    this.provider = provider;
    this.sink = sink;
  }

  @Override
  public void event(SseEvent event) {
    if (last) {
      return;
    }
    JsonNode data = event.object(provider);
    switch (data.path("type").asText()) {
      case "message_start" -> begin(data.path("message"));
      case "content_block_start" -> start(data);
      case "content_block_delta" -> inProgress(data).delta(data.path("delta"), sink);
      case "content_block_stop" -> stop(data);
      case "message_delta" -> {
        usage.add(data.path("usage"));
        reason(data.path("delta"));
      }
      case "message_stop" -> last = true;
      case "error" -> throw UpstreamError.inStream(provider, data);
      default -> {
        // A ping, or an unknown event.
      }
    }
  }

  @Override
  public void whole(JsonNode message) {
    if ("error".equals(message.path("type").asText())) {
      throw UpstreamError.inStream(provider, message);
    }
    begin(message);
    last = true;
  }

  /** Usually empty in a stream; it may have content of an earlier step and a stop reason. */
  private void begin(JsonNode message) {
    begun = true;
    usage.add(message.path("usage"));
    int index = 0;
    for (JsonNode block : message.path("content")) {
      if (!(block instanceof ObjectNode object)) {
        throw broken("sent a block that is not an object");
      }
      BlockAssembler whole = new BlockAssembler(provider, index++, object.deepCopy());
      whole.showWhole(sink);
      finish(whole);
    }
    reason(message);
  }

  @Override
  public boolean isLast() {
    return last;
  }

  @Override
  public Optional<TokenCount> counted() {
    return usage.count();
  }

  @Override
  public ProviderOutcome end() {
    String reason =
        stopReason
            .filter(given -> begun && last && open.isEmpty())
            .orElseThrow(() -> broken("ended without message_stop: the response is truncated"));
    FinishReason finish = known(reason);
    if (finish == FinishReason.TOOL_USE && calls == 0) {
      throw broken("announced a tool call and sent none");
    }
    if (endsWhole(finish)) {
      showLastCall();
    }
    return new ProviderOutcome(finish, stopReason, stopSequence, usage.count());
  }

  /** Whether the last block is complete. */
  private static boolean endsWhole(FinishReason finish) {
    return switch (finish) {
      case END_TURN, TOOL_USE, STOP_SEQUENCE, PAUSE_TURN -> true;
      case MAX_TOKENS, CONTEXT_WINDOW_FULL, REFUSAL -> false;
    };
  }

  private void start(JsonNode data) {
    if (open.isPresent() || !begun) {
      throw broken("began a block out of order");
    }
    if (!(data.path("content_block") instanceof ObjectNode block)) {
      throw broken("began a block that is not an object");
    }
    showLastCall();
    BlockAssembler begunBlock =
        new BlockAssembler(provider, data.path("index").asInt(-1), block.deepCopy());
    open = Optional.of(begunBlock);
    begunBlock.show(sink);
  }

  private void stop(JsonNode data) {
    BlockAssembler ended = inProgress(data);
    open = Optional.empty();
    finish(ended);
  }

  private void finish(BlockAssembler ended) {
    said = true;
    Block block = blocks.read(ended.whole());
    if (block instanceof ToolCallBlock call) {
      showLastCall();
      if (call.call().id().isEmpty() || call.call().name().isEmpty()) {
        throw broken("sent a tool call without an id or a name");
      }
      calls++;
      lastCall = Optional.of(call);
    } else {
      showLastCall();
      ended.close(block, sink);
    }
  }

  private void showLastCall() {
    lastCall.ifPresent(sink);
    lastCall = Optional.empty();
  }

  private BlockAssembler inProgress(JsonNode data) {
    return open.filter(block -> block.index() == data.path("index").asInt(-1))
        .orElseThrow(() -> broken("went on with a block it had not begun"));
  }

  private void reason(JsonNode holder) {
    if (holder.path("stop_reason").isTextual()) {
      stopReason = Optional.of(holder.path("stop_reason").asText());
    }
    if (holder.path("stop_sequence").isTextual()) {
      stopSequence = Optional.of(holder.path("stop_sequence").asText());
    }
  }

  /** Stop reasons: https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons. */
  private FinishReason known(String reason) {
    return switch (reason.strip().toLowerCase(Locale.ROOT)) {
      case "tool_use" -> FinishReason.TOOL_USE;
      case "max_tokens" -> FinishReason.MAX_TOKENS;
      case "model_context_window_exceeded" -> FinishReason.CONTEXT_WINDOW_FULL;
      case "stop_sequence" -> FinishReason.STOP_SEQUENCE;
      case "pause_turn" -> FinishReason.PAUSE_TURN;
      case "refusal" -> FinishReason.REFUSAL;
      case "end_turn" -> FinishReason.END_TURN;
      case "error" -> throw broken("ended for the reason 'error'");
      // One that is not known ends the turn: the answer before it is whole.
      default -> {
        if (!said) {
          throw broken("said nothing, for the reason '" + UpstreamError.shortened(reason) + "'");
        }
        yield calls == 0 ? FinishReason.END_TURN : FinishReason.TOOL_USE;
      }
    };
  }

  private ConcertException broken(String what) {
    return MalformedResponse.of(provider, what);
  }
}
