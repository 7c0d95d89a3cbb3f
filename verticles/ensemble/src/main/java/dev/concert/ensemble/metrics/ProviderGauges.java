package dev.concert.ensemble.metrics;

import dev.concert.ensemble.provider.Provider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.Supplier;

/** Gauges of the current providers, evaluated for each request because providers may change. */
public final class ProviderGauges {
  private static final int CLOSED = 0;
  private static final int HALF_OPEN = 1;
  private static final int OPEN = 2;

  private final Supplier<List<Provider>> providers;
  private final MultiGauge breakers;

  public ProviderGauges(MeterRegistry registry, Supplier<List<Provider>> providers) {
    this.providers = providers;
    this.breakers =
        MultiGauge.builder("ensemble.breaker")
            .description("Circuit breaker of an endpoint: 0 closed, 1 half-open, 2 open")
            .register(registry);
  }

  public void look() {
    breakers.register(
        providers.get().stream()
            .filter(Provider::hasKey)
            .map(
                provider ->
                    MultiGauge.Row.of(Tags.of("endpoint", provider.endpoint()), state(provider)))
            .toList(),
        true);
  }

  private static int state(Provider provider) {
    if (provider.healthy()) {
      return CLOSED;
    }
    return provider.admits() ? HALF_OPEN : OPEN;
  }
}
