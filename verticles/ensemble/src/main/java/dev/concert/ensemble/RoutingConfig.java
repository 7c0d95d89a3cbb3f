package dev.concert.ensemble;

import dev.concert.ensemble.routing.RoutingOptions;
import dev.concert.ensemble.routing.choice.Strategy;
import dev.concert.ensemble.routing.choice.Thresholds;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads {@code ensemble.aliases}, {@code fallbacks}, {@code strategies} and {@code cache}. */
final class RoutingConfig {
  private static final int MOST_REMEMBERED = 10_000_000;

  private RoutingConfig() {}

  static RoutingOptions read(ConfigSection section) {
    ConfigSection cache = section.section("cache");
    RoutingOptions preset = RoutingOptions.DEFAULT;
    return new RoutingOptions(
        section.textMap("aliases"),
        fallbacks(section.section("fallbacks")),
        strategies(section),
        thresholds(cache),
        cache.number("maxEntries", 1, MOST_REMEMBERED, preset.remembered()),
        lasts(cache));
  }

  private static Map<String, List<String>> fallbacks(ConfigSection section) {
    return section.keys().stream().collect(Collectors.toMap(model -> model, section::texts));
  }

  private static Map<String, Strategy> strategies(ConfigSection section) {
    Map<String, Strategy> strategies = new HashMap<>();
    section
        .textMap("strategies")
        .forEach(
            (provider, word) ->
                strategies.put(
                    provider,
                    Arrays.stream(Strategy.values())
                        .filter(one -> word(one).equals(word))
                        .findFirst()
                        .orElseThrow(
                            () -> section.wrong("strategies", "must be one of " + words()))));
    return strategies;
  }

  private static String word(Strategy strategy) {
    return strategy.name().toLowerCase(Locale.ROOT);
  }

  private static String words() {
    return Arrays.stream(Strategy.values())
        .map(RoutingConfig::word)
        .collect(Collectors.joining(", "));
  }

  private static Thresholds thresholds(ConfigSection cache) {
    return new Thresholds(
        cache.money("waitThreshold", Thresholds.DEFAULT.strong()),
        cache.money("loadBalanceThreshold", Thresholds.DEFAULT.moderate()));
  }

  private static Map<String, Duration> lasts(ConfigSection cache) {
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
