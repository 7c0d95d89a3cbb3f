package dev.concert.ensemble.routing;

import dev.concert.ensemble.routing.endpoint.CacheThresholds;
import dev.concert.ensemble.routing.endpoint.PoolStrategy;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Configures routing.
 *
 * @param aliases other names of models
 * @param fallbacks the models to call, in order, if a model's own providers fail
 * @param strategies by the provider's name; by default {@link PoolStrategy#SESSION_AFFINITY}
 * @param thresholds the cache values that decide where a call goes
 * @param remembered the most prompts and sessions that are remembered
 * @param cacheLasts how long a provider keeps its cache, by the provider's name
 * @param patience how long a call waits in all for providers that fail for now, before its client
 *     is told
 */
public record RoutingOptions(
    Map<String, String> aliases,
    Map<String, List<String>> fallbacks,
    Map<String, PoolStrategy> strategies,
    CacheThresholds thresholds,
    int remembered,
    Map<String, Duration> cacheLasts,
    Duration patience) {
  private static final Duration USUALLY = Duration.ofMinutes(5);

  /** As documented by the vendors, less the time that a call may take. */
  private static final Map<String, Duration> KNOWN =
      Map.of(
          "anthropic", Duration.ofMinutes(8),
          "openai", Duration.ofHours(24),
          "gemini", Duration.ofMinutes(6),
          "xai", Duration.ofMinutes(10));

  public static final RoutingOptions DEFAULT =
      new RoutingOptions(Map.of(), Map.of(), Map.of(), CacheThresholds.DEFAULT, 100_000, Map.of());

  /** Without patience: a client is told at once. */
  public RoutingOptions(
      Map<String, String> aliases,
      Map<String, List<String>> fallbacks,
      Map<String, PoolStrategy> strategies,
      CacheThresholds thresholds,
      int remembered,
      Map<String, Duration> cacheLasts) {
    this(aliases, fallbacks, strategies, thresholds, remembered, cacheLasts, Duration.ZERO);
  }

  public RoutingOptions {
    aliases = Map.copyOf(aliases);
    fallbacks = Map.copyOf(fallbacks);
    strategies = Map.copyOf(strategies);
    cacheLasts = Map.copyOf(cacheLasts);
  }

  PoolStrategy strategy(String provider) {
    return strategies.getOrDefault(provider, PoolStrategy.SESSION_AFFINITY);
  }

  Duration cacheLasts(String provider) {
    return cacheLasts.getOrDefault(provider, KNOWN.getOrDefault(provider, USUALLY));
  }
}
