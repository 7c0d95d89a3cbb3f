package dev.concert.ensemble.provider.chat;

/**
 * In what the servers that speak Chat Completions differ.
 *
 * @param maxTokensField {@code max_tokens} or {@code max_completion_tokens}
 * @param reasoning how thinking is asked for
 * @param keepsReasoning whether the server takes its own reasoning back in the next turn
 * @param cacheMarks whether it takes {@code cache_control} marks
 * @param cacheKey whether it takes {@code prompt_cache_key}
 */
public record ChatTraits(
    String maxTokensField,
    Reasoning reasoning,
    boolean keepsReasoning,
    boolean cacheMarks,
    boolean cacheKey) {
  /** Forms of the wish to think. */
  public enum Reasoning {
    /** {@code "reasoning_effort": "high"}. */
    EFFORT,
    /** {@code "reasoning": {"effort": "high"}} or {@code {"max_tokens": …}} (OpenRouter). */
    OBJECT
  }

  /** Any server that copies OpenAI's protocol. */
  public static ChatTraits compatible(String maxTokensField) {
    boolean openAi = "max_completion_tokens".equals(maxTokensField);
    return new ChatTraits(maxTokensField, Reasoning.EFFORT, false, false, openAi);
  }

  /** Source: docs.x.ai/docs/api-reference. */
  public static ChatTraits xai() {
    return new ChatTraits("max_completion_tokens", Reasoning.EFFORT, false, false, false);
  }

  /** Source: openrouter.ai/docs/api-reference and /docs/use-cases/reasoning-tokens. */
  public static ChatTraits openRouter() {
    return new ChatTraits("max_tokens", Reasoning.OBJECT, true, true, false);
  }
}
