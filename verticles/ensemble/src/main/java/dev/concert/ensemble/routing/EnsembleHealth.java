package dev.concert.ensemble.routing;

import dev.concert.ensemble.provider.Provider;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** How Ensemble and its providers are. Thread-safe. */
public final class EnsembleHealth {
  private final ModelRegistry models;
  private final long startedAt = System.nanoTime();

  public EnsembleHealth(ModelRegistry models) {
    this.models = models;
  }

  /** {@code ok}, or {@code degraded} when a provider that has its key is known to fail. */
  public String status() {
    return models.providers().stream().filter(Provider::hasKey).allMatch(Provider::healthy)
        ? "ok"
        : "degraded";
  }

  /** {@code healthy}, {@code degraded} or {@code no key}, by the name of each way to a provider. */
  public Map<String, String> providers() {
    Map<String, String> states = new LinkedHashMap<>();
    models.providers().forEach(provider -> states.put(provider.endpoint(), state(provider)));
    return states;
  }

  public long uptimeSeconds() {
    return Duration.ofNanos(System.nanoTime() - startedAt).toSeconds();
  }

  private static String state(Provider provider) {
    if (!provider.hasKey()) {
      return "no key";
    }
    return provider.healthy() ? "healthy" : "degraded";
  }
}
