package dev.concert.ensemble.model;

import dev.concert.inference.InferenceMessages;
import java.time.Duration;

/**
 * A model that is served.
 *
 * @param id the id that clients use
 * @param upstreamId the provider's id of the model
 * @param contextWindow tokens of prompt and answer together
 * @param maxOutputTokens a larger {@code max_tokens} is reduced to this
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

  /**
   * The longest silence allowed: a model that does not stream is silent until the whole answer is
   * there.
   */
  public Duration timeout() {
    return can.streaming() ? stallTimeout : totalTimeout;
  }

  /** The same model at another price. */
  public ServedModel at(Price other) {
    return new ServedModel(
        id,
        upstreamId,
        provider,
        contextWindow,
        maxOutputTokens,
        can,
        other,
        stallTimeout,
        totalTimeout);
  }

  /** One of the models that a wildcard stands for. */
  public ServedModel named(String name, String upstreamName) {
    return new ServedModel(
        name,
        upstreamName,
        provider,
        contextWindow,
        maxOutputTokens,
        can,
        price,
        stallTimeout,
        totalTimeout);
  }

  /** The model as other services see it. */
  public InferenceMessages.Model published() {
    return published(id);
  }

  /** The model under an alias. */
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
