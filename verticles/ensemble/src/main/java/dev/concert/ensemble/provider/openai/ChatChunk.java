package dev.concert.ensemble.provider.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.model.TokenCount;
import java.util.List;

/**
 * The data of one event of a stream ({@code chat.completion.chunk}). Every component is nullable:
 * servers leave out what they do not use.
 *
 * @param error in place of everything else when the server breaks off
 */
record ChatChunk(List<Choice> choices, Usage usage, JsonNode error) {

  record Choice(Delta delta, @JsonProperty("finish_reason") String finishReason) {}

  /**
   * @param reasoningContent reasoning as DeepSeek, vLLM and llama.cpp send it
   * @param reasoning the same as OpenRouter and Ollama send it
   */
  record Delta(
      String content,
      @JsonProperty("reasoning_content") String reasoningContent,
      String reasoning,
      String refusal,
      @JsonProperty("tool_calls") List<CallDelta> toolCalls) {}

  record CallDelta(Integer index, String id, FunctionDelta function) {}

  record FunctionDelta(String name, String arguments) {}

  /**
   * @param promptTokens all of the prompt, the cached part included
   * @param cacheHitTokens the cached part as DeepSeek sends it
   */
  record Usage(
      @JsonProperty("prompt_tokens") long promptTokens,
      @JsonProperty("completion_tokens") long completionTokens,
      @JsonProperty("prompt_tokens_details") PromptDetails promptDetails,
      @JsonProperty("prompt_cache_hit_tokens") long cacheHitTokens) {

    TokenCount tokens() {
      long cached = promptDetails == null ? cacheHitTokens : promptDetails.cachedTokens();
      return TokenCount.ofPromptTotal(promptTokens, cached, completionTokens);
    }
  }

  record PromptDetails(@JsonProperty("cached_tokens") long cachedTokens) {}
}
