package dev.concert.ensemble.provider.chat;

/**
 * The differences between servers of Chat Completions.
 *
 * @param maxTokensField {@code max_tokens} or {@code max_completion_tokens}
 * @param reasoning how thinking is requested
 * @param history in which form the server accepts its own reasoning in the next turn
 * @param cacheMarks whether it accepts {@code cache_control} marks
 * @param cacheKey whether it accepts {@code prompt_cache_key}
 */
public record ChatTraits(
    String maxTokensField,
    Reasoning reasoning,
    History history,
    boolean cacheMarks,
    boolean cacheKey) {
  /** How thinking is requested. */
  public enum Reasoning {
    /** {@code "reasoning_effort": "high"}. */
    EFFORT,
    /** {@code "reasoning": {"effort": "high"}} or {@code {"max_tokens": …}} (OpenRouter). */
    OBJECT
  }

  /** In which form a server accepts its own reasoning in the next turn. */
  public enum History {
    /** In none: it has no field for it. */
    NONE,
    /**
     * The text, in the field in which it came; DeepSeek and Kimi refuse tool results without it.
     */
    TEXT,
    /** {@code reasoning_details}, with signatures (OpenRouter). */
    DETAILS
  }

  /** Whether the server knows the role {@code developer}: OpenAI's own, newer ones do. */
  boolean knowsDevelopers() {
    return cacheKey;
  }

  /**
   * Any server with OpenAI's protocol; OpenAI itself shows no reasoning and knows no such field.
   */
  public static ChatTraits compatible(String maxTokensField) {
    boolean openAi = "max_completion_tokens".equals(maxTokensField);
    History history = openAi ? History.NONE : History.TEXT;
    return new ChatTraits(maxTokensField, Reasoning.EFFORT, history, false, openAi);
  }

  /** Source: docs.x.ai/docs/api-reference. */
  public static ChatTraits xai() {
    return new ChatTraits("max_completion_tokens", Reasoning.EFFORT, History.NONE, false, false);
  }

  /** Source: openrouter.ai/docs/api-reference and /docs/use-cases/reasoning-tokens. */
  public static ChatTraits openRouter() {
    return new ChatTraits("max_tokens", Reasoning.OBJECT, History.DETAILS, true, false);
  }
}
