package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.ThinkingOptions;
import dev.concert.ensemble.message.Wire;
import java.util.EnumSet;
import java.util.Set;

/** Options of a request that not every vendor has, and that are left out where one has not. */
public enum NativeOption {
  CACHE_KEY,
  PARALLEL_TOOL_CALLS,
  TEMPERATURE,
  THINKING,
  TOP_K,
  TOP_P;

  /** These, and thinking if the model cannot think. */
  public static Set<NativeOption> with(boolean thinks, NativeOption... options) {
    Set<NativeOption> lacking = EnumSet.noneOf(NativeOption.class);
    lacking.addAll(Set.of(options));
    if (!thinks) {
      lacking.add(THINKING);
    }
    return lacking;
  }

  /** Whether the request would be another one without it. */
  boolean isIn(InferenceRequest request) {
    return switch (this) {
      case CACHE_KEY -> request.cacheKey() != null;
      case PARALLEL_TOOL_CALLS ->
          Boolean.FALSE.equals(request.parallelToolCalls()) && !request.offeredTools().isEmpty();
      case THINKING ->
          request.thinking() != null
              && request.thinking().asEffort() != ThinkingOptions.Effort.NONE;
      case TEMPERATURE -> request.temperature() != null;
      case TOP_K -> request.topK() != null;
      case TOP_P -> request.topP() != null;
    };
  }

  /** What the client calls it. */
  String in(ClientRequest client) {
    boolean messages = client.wire() == Wire.MESSAGES;
    boolean gemini = client.wire() == Wire.GEMINI;
    return switch (this) {
      case CACHE_KEY -> "prompt_cache_key";
      case PARALLEL_TOOL_CALLS ->
          messages ? "tool_choice.disable_parallel_tool_use" : "parallel_tool_calls";
      case THINKING -> thinking(client.wire(), client.body());
      case TEMPERATURE -> gemini ? "generationConfig.temperature" : "temperature";
      case TOP_K -> gemini ? "generationConfig.topK" : "top_k";
      case TOP_P -> gemini ? "generationConfig.topP" : "top_p";
    };
  }

  private static String thinking(Wire wire, JsonNode body) {
    return switch (wire) {
      case MESSAGES -> body.hasNonNull("thinking") ? "thinking" : "output_config.effort";
      case GEMINI -> "generationConfig.thinkingConfig";
      case RESPONSES -> "reasoning.effort";
      default -> "reasoning_effort";
    };
  }
}
