package dev.concert.ensemble.model;

import dev.concert.inference.InferenceMessages;
import java.time.Duration;

/**
 * A model that can be asked for.
 *
 * @param id the name clients use
 * @param upstreamId the provider's name for it
 * @param contextWindow tokens of prompt and answer together
 * @param maxOutputTokens a larger {@code max_tokens} is brought down to this
 * @param stallTimeout longest silence between two pieces of an answer
 * @param totalTimeout longest duration of an answer
 */
public record ServedModel(
    String id,
    String upstreamId,
    String provider,
    int contextWindow,
    int maxOutputTokens,
    boolean tools,
    boolean thinking,
    boolean images,
    Price price,
    Duration stallTimeout,
    Duration totalTimeout) {

  public static final Duration DEFAULT_STALL = Duration.ofSeconds(120);
  public static final Duration DEFAULT_TOTAL = Duration.ofMinutes(15);

  /** The same as the other services see it. */
  public InferenceMessages.Model published() {
    return new InferenceMessages.Model(
        id,
        provider,
        contextWindow,
        maxOutputTokens,
        tools,
        thinking,
        images,
        Price.plain(price.input()),
        Price.plain(price.output()),
        Price.plain(price.cached()));
  }
}
