package dev.concert.ensemble.routing;

import dev.concert.ensemble.provider.Provider;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The health of Ensemble and its providers. Thread-safe. */
public final class EnsembleHealth {
  private final ModelRegistry models;
  private final long startedAt = System.nanoTime();

  public EnsembleHealth(ModelRegistry models) {
    this.models = models;
  }

  /** {@code ok}, or {@code degraded} if a provider that has its key is failing. */
  public String status() {
    return models.providers().stream().filter(Provider::hasKey).allMatch(Provider::healthy)
        ? "ok"
        : "degraded";
  }

  /** {@code healthy}, {@code degraded} or {@code no key}, by the name of the endpoint. */
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
