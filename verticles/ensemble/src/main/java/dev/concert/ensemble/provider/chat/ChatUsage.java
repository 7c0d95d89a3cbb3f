package dev.concert.ensemble.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.model.TokenCount;

/** Reads the field {@code usage}, which differs between servers. */
final class ChatUsage {
  private ChatUsage() {}

  static TokenCount of(JsonNode usage) {
    JsonNode promptDetails = usage.path("prompt_tokens_details");
    // DeepSeek has a field of its own instead of details.
    long cached =
        promptDetails.has("cached_tokens")
            ? promptDetails.path("cached_tokens").asLong()
            : usage.path("prompt_cache_hit_tokens").asLong();
    long prompt = usage.path("prompt_tokens").asLong();
    long completion = usage.path("completion_tokens").asLong();
    long reasoning = usage.path("completion_tokens_details").path("reasoning_tokens").asLong();
    TokenCount all =
        TokenCount.ofPromptTotal(
            prompt,
            cached,
            promptDetails.path("cache_write_tokens").asLong(),
            completion + apart(usage.path("total_tokens").asLong(), prompt, completion, reasoning),
            reasoning);
    // The number of cached tokens is unknown.
    return all.withAudio(promptDetails.path("audio_tokens").asLong(), 0);
  }

  /** xAI counts reasoning outside the completion, all others inside; the total shows which. */
  private static long apart(long total, long prompt, long completion, long reasoning) {
    return reasoning > 0 && total == prompt + completion + reasoning ? reasoning : 0;
  }
}
