package dev.concert.ensemble.routing;

import dev.concert.ensemble.routing.choice.Strategy;
import dev.concert.ensemble.routing.choice.Thresholds;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How calls find their endpoint.
 *
 * @param aliases other names of models
 * @param fallbacks models to be asked, in order, when a model's own providers fail
 * @param strategies by the provider's name; {@link Strategy#SESSION_AFFINITY} where none is named
 * @param thresholds what a cache has to be worth
 * @param remembered at most so many prompts and sessions are remembered
 * @param cacheLasts how long a provider keeps what it cached, by its name
 */
public record RoutingOptions(
    Map<String, String> aliases,
    Map<String, List<String>> fallbacks,
    Map<String, Strategy> strategies,
    Thresholds thresholds,
    int remembered,
    Map<String, Duration> cacheLasts) {
  private static final Duration USUALLY = Duration.ofMinutes(5);

  /** As the vendors document it, short of the end by what a call may take. */
  private static final Map<String, Duration> KNOWN =
      Map.of(
          "anthropic", Duration.ofMinutes(8),
          "openai", Duration.ofHours(24),
          "gemini", Duration.ofMinutes(6),
          "xai", Duration.ofMinutes(10));

  public static final RoutingOptions DEFAULT =
      new RoutingOptions(Map.of(), Map.of(), Map.of(), Thresholds.DEFAULT, 100_000, Map.of());

  public RoutingOptions {
    aliases = Map.copyOf(aliases);
    fallbacks = Map.copyOf(fallbacks);
    strategies = Map.copyOf(strategies);
    cacheLasts = Map.copyOf(cacheLasts);
  }

  Strategy strategy(String provider) {
    return strategies.getOrDefault(provider, Strategy.SESSION_AFFINITY);
  }

  Duration cacheLasts(String provider) {
    return cacheLasts.getOrDefault(provider, KNOWN.getOrDefault(provider, USUALLY));
  }
}
