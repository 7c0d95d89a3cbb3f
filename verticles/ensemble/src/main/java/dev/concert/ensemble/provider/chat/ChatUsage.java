package dev.concert.ensemble.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.model.TokenCount;

/** The field {@code usage}, of which each server has its own idea. */
final class ChatUsage {
  private ChatUsage() {}

  static TokenCount of(JsonNode usage) {
    JsonNode promptDetails = usage.path("prompt_tokens_details");
    // DeepSeek has no details but a field of its own.
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
    // How much of it came from the cache is not told.
    return all.withAudio(promptDetails.path("audio_tokens").asLong(), 0);
  }

  /** xAI counts reasoning beside the completion, all others inside it: the total tells. */
  private static long apart(long total, long prompt, long completion, long reasoning) {
    return reasoning > 0 && total == prompt + completion + reasoning ? reasoning : 0;
  }
}
