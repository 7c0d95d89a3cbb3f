package dev.concert.ensemble.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.model.TokenCount;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the field {@code usage}, which a stream has twice: provisional in {@code message_start} and
 * cumulative in {@code message_delta}. Later values replace earlier ones and are never added. Not
 * thread-safe.
 *
 * <p>{@code input_tokens} excludes tokens read from or written to the cache.
 */
final class MessagesUsage {
  private static final String HOUR = "ephemeral_1h_input_tokens";
  private static final String REASONING = "thinking_tokens";

  private final Map<String, Long> counts = new HashMap<>();

  void add(JsonNode usage) {
    take(usage, "input_tokens");
    take(usage, "cache_read_input_tokens");
    take(usage, "cache_creation_input_tokens");
    take(usage, "output_tokens");
    take(usage.path("cache_creation"), HOUR);
    take(usage.path("output_tokens_details"), REASONING);
  }

  /** The token counts; empty before any were sent. */
  Optional<TokenCount> count() {
    return counts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            TokenCount.ofParts(
                count("input_tokens"),
                count("cache_read_input_tokens"),
                count("cache_creation_input_tokens"),
                count(HOUR),
                count("output_tokens"),
                count(REASONING)));
  }

  private void take(JsonNode usage, String field) {
    if (usage.path(field).isIntegralNumber()) {
      counts.put(field, usage.path(field).asLong());
    }
  }

  private long count(String field) {
    return counts.getOrDefault(field, 0L);
  }
}
