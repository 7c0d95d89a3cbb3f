package dev.concert.ensemble.config;

import dev.concert.ensemble.routing.RoutingOptions;
import dev.concert.ensemble.routing.endpoint.CacheThresholds;
import dev.concert.ensemble.routing.endpoint.PoolStrategy;
import dev.concert.foundation.config.ConfigReader;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads {@code ensemble.aliases}, {@code fallbacks}, {@code strategies}, {@code cache} and {@code
 * retrySeconds}.
 */
final class RoutingConfig {
  private static final int USUAL_PATIENCE = 5;
  private static final int LONGEST_PATIENCE = 300;
  private static final int MOST_REMEMBERED = 10_000_000;

  private RoutingConfig() {}

  static RoutingOptions read(ConfigReader section) {
    ConfigReader cache = section.section("cache");
    RoutingOptions preset = RoutingOptions.DEFAULT;
    return new RoutingOptions(
        section.textMap("aliases"),
        fallbacks(section.section("fallbacks")),
        strategies(section),
        thresholds(cache),
        cache.number("maxEntries", 1, MOST_REMEMBERED, preset.remembered()),
        lasts(cache),
        Duration.ofSeconds(section.number("retrySeconds", 0, LONGEST_PATIENCE, USUAL_PATIENCE)));
  }

  private static Map<String, List<String>> fallbacks(ConfigReader section) {
    return section.keys().stream().collect(Collectors.toMap(model -> model, section::texts));
  }

  private static Map<String, PoolStrategy> strategies(ConfigReader section) {
    Map<String, PoolStrategy> strategies = new HashMap<>();
    section
        .textMap("strategies")
        .forEach(
            (provider, word) ->
                strategies.put(
                    provider,
                    Arrays.stream(PoolStrategy.values())
                        .filter(one -> word(one).equals(word))
                        .findFirst()
                        .orElseThrow(
                            () -> section.wrong("strategies", "must be one of " + words()))));
    return strategies;
  }

  private static String word(PoolStrategy strategy) {
    return strategy.name().toLowerCase(Locale.ROOT);
  }

  private static String words() {
    return Arrays.stream(PoolStrategy.values())
        .map(RoutingConfig::word)
        .collect(Collectors.joining(", "));
  }

  private static CacheThresholds thresholds(ConfigReader cache) {
    return new CacheThresholds(
        cache.money("waitThreshold", CacheThresholds.DEFAULT.strong()),
        cache.money("loadBalanceThreshold", CacheThresholds.DEFAULT.moderate()));
  }

  private static Map<String, Duration> lasts(ConfigReader cache) {
    Map<String, Duration> lasts = new HashMap<>();
    cache
        .textMap("ttls")
        .forEach(
            (provider, text) -> {
              try {
                lasts.put(provider, Duration.parse("PT" + text.toUpperCase(Locale.ROOT)));
              } catch (DateTimeParseException e) {
                throw cache.wrong("ttls", "must hold durations such as 8m or 24h");
              }
            });
    return lasts;
  }
}
