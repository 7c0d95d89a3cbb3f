package dev.concert.ensemble;

import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.BuiltInProvider;
import dev.concert.ensemble.provider.Provider;
import dev.concert.ensemble.provider.upstream.DialectChoice;
import dev.concert.ensemble.provider.upstream.HttpProvider;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import dev.concert.ensemble.provider.upstream.RequestAuthorization;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The providers of a configuration, then those that are built in. A provider whose options are the
 * same in the next configuration is kept, with its connections and its circuit breaker. Lives on
 * the verticle's context.
 */
final class ProviderSet {
  private final Vertx vertx;
  private final List<Provider> builtIn;
  private final Function<String, Optional<String>> storedKey;
  private Map<ProviderOptions, Provider> configured = Map.of();

  /**
   * @param storedKey the key that an operator stored for a provider's endpoint while Ensemble runs
   */
  ProviderSet(Vertx vertx, EnsembleOptions options, Function<String, Optional<String>> storedKey) {
    this.vertx = vertx;
    this.storedKey = storedKey;
    this.builtIn =
        ServiceLoader.load(BuiltInProvider.class, BuiltInProvider.class.getClassLoader()).stream()
            .map(found -> found.get().create(vertx, options.demoDelay()))
            .toList();
  }

  /** In the order of preference; those that are built in come last. */
  List<Provider> of(EnsembleOptions options) {
    Map<ProviderOptions, Provider> now = new HashMap<>();
    List<Provider> providers = new ArrayList<>();
    for (ProviderOptions one : options.providers()) {
      Provider provider = configured.get(one);
      if (provider == null) {
        provider = create(one);
      }
      now.put(one, provider);
      providers.add(provider);
    }
    providers.addAll(builtIn);
    configured = now;
    return providers;
  }

  private Provider create(ProviderOptions options) {
    Supplier<Optional<String>> stored = () -> storedKey.apply(options.way());
    DialectChoice dialect = Dialects.of(options);
    RequestAuthorization authorization =
        Authorizations.of(vertx, options, dialect, () -> options.key().or(stored));
    return new HttpProvider(
        vertx, options, dialect, stored, authorization, HttpProvider.DEFAULT_REST);
  }
}
