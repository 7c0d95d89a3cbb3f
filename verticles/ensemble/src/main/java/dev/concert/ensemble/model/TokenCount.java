package dev.concert.ensemble.model;

/**
 * The tokens of one call. A prompt token is in exactly one of {@code input}, {@code cached} and
 * {@code cacheWrite}.
 *
 * @param input prompt tokens paid at the full price
 * @param audio the part of {@code input} that was audio
 * @param cached prompt tokens the provider read from its cache
 * @param cachedAudio the part of {@code cached} that was audio
 * @param cacheWrite prompt tokens the provider wrote to its cache, for any duration
 * @param cacheWriteHour the part of {@code cacheWrite} that is kept for an hour
 * @param output tokens the model wrote, reasoning included
 * @param reasoning the part of {@code output} that was reasoning
 * @param estimated true if the counts are our estimate because the provider sent none
 */
public record TokenCount(
    long input,
    long audio,
    long cached,
    long cachedAudio,
    long cacheWrite,
    long cacheWriteHour,
    long output,
    long reasoning,
    boolean estimated) {
  public static final TokenCount NONE = new TokenCount(0, 0, 0, 0, 0, 0, 0, 0, false);

  public TokenCount {
    if (input < 0 || cached < 0 || cacheWrite < 0 || output < 0) {
      throw new IllegalArgumentException(
          "Token counts are never negative: %d, %d, %d, %d"
              .formatted(input, cached, cacheWrite, output));
    }
    audio = Math.clamp(audio, 0, input);
    cachedAudio = Math.clamp(cachedAudio, 0, cached);
    cacheWriteHour = Math.clamp(cacheWriteHour, 0, cacheWrite);
    reasoning = Math.clamp(reasoning, 0, output);
  }

  /**
   * Counts of a provider whose prompt total includes the cached parts (OpenAI and Google).
   * Impossible values, such as more cached than prompt tokens, are brought into range.
   */
  public static TokenCount ofPromptTotal(
      long prompt, long cached, long cacheWrite, long output, long reasoning) {
    long total = Math.max(0, prompt);
    long read = Math.clamp(cached, 0, total);
    long written = Math.clamp(cacheWrite, 0, total - read);
    return new TokenCount(
        total - read - written, 0, read, 0, written, 0, Math.max(0, output), reasoning, false);
  }

  /** Counts of a provider that reports the three kinds of prompt tokens separately (Anthropic). */
  public static TokenCount ofParts(
      long input, long cached, long cacheWrite, long cacheWriteHour, long output, long reasoning) {
    return new TokenCount(
        Math.max(0, input),
        0,
        Math.max(0, cached),
        0,
        Math.max(0, cacheWrite),
        cacheWriteHour,
        Math.max(0, output),
        reasoning,
        false);
  }

  public static TokenCount estimate(long input, long output) {
    return new TokenCount(input, 0, 0, 0, 0, 0, output, 0, true);
  }

  /**
   * The same counts with audio in the prompt. Impossible values are brought into range: audio
   * beyond the uncached tokens was read from the cache.
   *
   * @param prompt audio tokens of the whole prompt
   * @param read audio tokens read from the cache
   */
  public TokenCount withAudio(long prompt, long read) {
    long sound = Math.clamp(prompt, 0, input + cached);
    long fromCache = Math.clamp(read, Math.max(0, sound - input), Math.min(sound, cached));
    return new TokenCount(
        input,
        sound - fromCache,
        cached,
        fromCache,
        cacheWrite,
        cacheWriteHour,
        output,
        reasoning,
        estimated);
  }

  /** All prompt tokens, each counted once. */
  public long prompt() {
    return input + cached + cacheWrite;
  }

  /** The same counts with at least so many output tokens, for a provider that was cut off. */
  public TokenCount withOutputAtLeast(long least) {
    return least <= output
        ? this
        : new TokenCount(
            input, audio, cached, cachedAudio, cacheWrite, cacheWriteHour, least, reasoning, true);
  }
}
