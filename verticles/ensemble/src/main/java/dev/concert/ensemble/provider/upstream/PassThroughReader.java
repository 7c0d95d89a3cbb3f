package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.ProviderOutcome;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads the answer of an operation that is passed through, as far as Ensemble has to know it: its
 * errors, its text and its token counts. Not thread-safe.
 */
final class PassThroughReader implements ResponseReader {
  private static final String DONE = "[DONE]";

  private final String provider;
  private final Consumer<Block> sink;
  private Optional<TokenCount> usage = Optional.empty();
  private boolean complete;

  PassThroughReader(String provider, Consumer<Block> sink) {
    this.provider = provider;
    this.sink = sink;
  }

  @Override
  public void event(SseEvent event) {
    if (event.data().strip().equals(DONE)) {
      complete = true;
    } else {
      JsonNode read = event.object(provider);
      read(read);
      // Pictures end with the last one.
      complete |= read.path("type").asText().endsWith(".completed");
    }
  }

  @Override
  public void whole(JsonNode body) {
    if (!body.isObject()) {
      throw MalformedResponse.of(provider, "sent a body that is not a JSON object");
    }
    read(body);
    complete = true;
  }

  private void read(JsonNode body) {
    if (body.path("error").isObject()) {
      throw UpstreamError.inStream(provider, body);
    }
    if (body.path("usage").isObject()) {
      usage = Optional.of(count(body.path("usage")));
    }
    for (JsonNode choice : body.path("choices")) {
      String text = choice.path("text").asText("");
      if (!text.isEmpty()) {
        sink.accept(new TextBlock(text));
      }
    }
  }

  /** The counts have other names for images than for text; some vendors send only a total. */
  static TokenCount count(JsonNode usage) {
    long written = usage.path("completion_tokens").asLong(usage.path("output_tokens").asLong());
    long total = usage.path("total_tokens").asLong();
    long prompt =
        usage
            .path("prompt_tokens")
            .asLong(usage.path("input_tokens").asLong(Math.max(0, total - written)));
    long cached = usage.path("prompt_tokens_details").path("cached_tokens").asLong();
    return TokenCount.ofPromptTotal(prompt, Math.min(cached, prompt), 0, written, 0);
  }

  @Override
  public boolean isLast() {
    return false;
  }

  @Override
  public ProviderOutcome end() {
    if (!complete) {
      throw MalformedResponse.of(provider, "ended without its end mark: the response is truncated");
    }
    return new ProviderOutcome(FinishReason.END_TURN, usage);
  }

  @Override
  public Optional<TokenCount> counted() {
    return usage;
  }
}
