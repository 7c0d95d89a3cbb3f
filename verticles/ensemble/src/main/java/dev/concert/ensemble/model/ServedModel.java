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
    Capabilities can,
    Price price,
    Duration stallTimeout,
    Duration totalTimeout) {
  public static final Duration DEFAULT_STALL = Duration.ofSeconds(120);
  public static final Duration DEFAULT_TOTAL = Duration.ofMinutes(15);

  /** Longest silence to bear: an answer in one piece is silent until it is whole. */
  public Duration patience() {
    return can.streaming() ? stallTimeout : totalTimeout;
  }

  /** The same as the other services see it. */
  public InferenceMessages.Model published() {
    return published(id);
  }

  /** The same under another name that clients may use. */
  public InferenceMessages.Model published(String name) {
    return new InferenceMessages.Model(
        name,
        provider,
        contextWindow,
        maxOutputTokens,
        can.tools(),
        can.thinking(),
        can.images(),
        can.documents(),
        can.audio(),
        can.structuredOutput(),
        Price.plain(price.rates().input()),
        Price.plain(price.rates().output()),
        Price.plain(price.rates().cached()),
        Price.plain(price.rates().cacheWrite()),
        Price.plain(price.rates().reasoning()));
  }
}
