package dev.concert.ensemble;

import dev.concert.ensemble.provider.Provider;
import dev.concert.ensemble.provider.demo.DemoProvider;
import dev.concert.ensemble.provider.upstream.HttpProvider;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The providers of a configuration. One whose options are the same in the next configuration stays
 * as it is, with its connections and its circuit breaker. Lives on the verticle's context.
 */
final class ProviderSet {
  private final Vertx vertx;
  private final DemoProvider demo;
  private final Function<String, Optional<String>> givenKey;
  private Map<ProviderOptions, Provider> made = Map.of();

  /**
   * @param givenKey the key that an operator gave at run time for a way to a provider
   */
  ProviderSet(Vertx vertx, EnsembleOptions options, Function<String, Optional<String>> givenKey) {
    this.vertx = vertx;
    this.givenKey = givenKey;
    this.demo = new DemoProvider(vertx, options.demoDelay());
  }

  /** In the order of preference; the demo model comes last. */
  List<Provider> of(EnsembleOptions options) {
    Map<ProviderOptions, Provider> now = new HashMap<>();
    List<Provider> providers = new ArrayList<>();
    for (ProviderOptions one : options.providers()) {
      Provider provider = made.get(one);
      if (provider == null) {
        provider = new HttpProvider(vertx, one, Dialects.of(one), () -> givenKey.apply(one.way()));
      }
      now.put(one, provider);
      providers.add(provider);
    }
    providers.add(demo);
    made = now;
    return providers;
  }
}
