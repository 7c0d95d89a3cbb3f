package dev.concert.ensemble.model;

import java.math.BigDecimal;
import java.util.stream.Stream;

/**
 * US dollars for a million tokens of each kind, exact.
 *
 * @param input prompt tokens
 * @param output tokens of the answer
 * @param cached prompt tokens read from the provider's cache
 * @param cacheWrite prompt tokens written to it
 * @param cacheWriteHour prompt tokens written to be cached for an hour
 * @param reasoning tokens of thinking
 * @param audio audio tokens of the prompt
 * @param cachedAudio audio tokens of the prompt read from the provider's cache
 */
public record Rates(
    BigDecimal input,
    BigDecimal output,
    BigDecimal cached,
    BigDecimal cacheWrite,
    BigDecimal cacheWriteHour,
    BigDecimal reasoning,
    BigDecimal audio,
    BigDecimal cachedAudio) {
  private static final int MILLION_DIGITS = 6;

  /**
   * For a provider that names two or three rates; other kinds of tokens use the rate of their
   * general kind.
   */
  public static Rates of(BigDecimal input, BigDecimal output, BigDecimal cached) {
    return new Rates(input, output, cached, input, input, output, input, cached);
  }

  Rates half() {
    return new Rates(
        half(input),
        half(output),
        half(cached),
        half(cacheWrite),
        half(cacheWriteHour),
        half(reasoning),
        half(audio),
        half(cachedAudio));
  }

  private static BigDecimal half(BigDecimal rate) {
    return rate.multiply(new BigDecimal("0.5"));
  }

  /** The exact cost in US dollars; nothing is rounded. */
  BigDecimal cost(TokenCount tokens) {
    return times(input, tokens.input() - tokens.audio())
        .add(times(audio, tokens.audio()))
        .add(times(cached, tokens.cached() - tokens.cachedAudio()))
        .add(times(cachedAudio, tokens.cachedAudio()))
        .add(times(cacheWrite, tokens.cacheWrite() - tokens.cacheWriteHour()))
        .add(times(cacheWriteHour, tokens.cacheWriteHour()))
        .add(times(output, tokens.output() - tokens.reasoning()))
        .add(times(reasoning, tokens.reasoning()))
        .movePointLeft(MILLION_DIGITS);
  }

  /** The cost if every token is of its most expensive kind. */
  BigDecimal mostCost(long prompt, long output) {
    BigDecimal read =
        Stream.of(input, cached, cacheWrite, cacheWriteHour, audio, cachedAudio)
            .reduce(BigDecimal.ZERO, BigDecimal::max);
    return times(read, prompt)
        .add(times(this.output.max(reasoning), output))
        .movePointLeft(MILLION_DIGITS);
  }

  private static BigDecimal times(BigDecimal rate, long tokens) {
    return rate.multiply(BigDecimal.valueOf(tokens));
  }
}
