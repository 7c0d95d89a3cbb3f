package dev.concert.ensemble.model;

/**
 * The tokens of one call. A prompt token is in exactly one of {@code input} and {@code cached}.
 *
 * @param input prompt tokens paid at the full price
 * @param cached prompt tokens the provider read from its cache
 * @param output tokens the model wrote, reasoning included
 * @param estimated true when the provider did not say and we counted by an estimate
 */
public record TokenCount(long input, long cached, long output, boolean estimated) {

  public static final TokenCount NONE = new TokenCount(0, 0, 0, false);

  public TokenCount {
    if (input < 0 || cached < 0 || output < 0) {
      throw new IllegalArgumentException(
          "Token counts are never negative: " + input + ", " + cached + ", " + output);
    }
  }

  /**
   * Counts as a provider reports them whose prompt total includes the cached part (OpenAI's form).
   * What cannot be, more cached than there was prompt, or less than nothing, is brought into range.
   */
  public static TokenCount ofPromptTotal(long prompt, long cached, long output) {
    long total = Math.max(0, prompt);
    long read = Math.clamp(cached, 0, total);
    return new TokenCount(total - read, read, Math.max(0, output), false);
  }

  public static TokenCount estimate(long input, long output) {
    return new TokenCount(input, 0, output, true);
  }
}
