package dev.concert.ensemble.routing;

import dev.concert.ensemble.limit.RateLimiters;
import dev.concert.ensemble.provider.Provider;
import dev.concert.inference.InferenceMessages.Model;
import dev.concert.inference.InferenceMessages.Models;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The models served now and who answers for them; others can take their place while calls are under
 * way, which end with whom they began. Thread-safe.
 */
public final class ModelRegistry {
  private final RateLimiters limiters;
  private volatile Catalog catalog;

  public ModelRegistry(List<Provider> providers) {
    this(providers, RoutingOptions.DEFAULT, RateLimiters.alone(System::currentTimeMillis));
  }

  /**
   * @param providers in the order of preference: the first model of the first one that has its key
   *     is the default, so the stand-in comes last
   * @throws IllegalArgumentException when no model can be served, two ways have the same name, or
   *     an alias or a fallback names a model that nobody has
   */
  public ModelRegistry(List<Provider> providers, RoutingOptions options, RateLimiters limiters) {
    this.limiters = limiters;
    this.catalog = new Catalog(providers, options, limiters, Map.of());
  }

  /**
   * Serves these from now on. A provider that was there before keeps its limits, its rests and its
   * circuit breaker.
   *
   * @throws IllegalArgumentException as the constructor; then nothing has changed
   */
  public void replace(List<Provider> providers, RoutingOptions options) {
    catalog = new Catalog(providers, options, limiters, catalog.endpoints());
  }

  /** Looks again which providers have their keys. Called by one thread at a time. */
  public void refresh() {
    replace(catalog.providers(), catalog.options());
  }

  /**
   * @throws dev.concert.error.ConcertException {@code MODEL_UNKNOWN}, or {@code PROVIDER_AUTH} when
   *     its provider lacks a key
   */
  public ModelGroup find(String id) {
    return catalog.find(id);
  }

  /** The models that can be asked for now, and the one to use when none was chosen. */
  public Models published() {
    return catalog.published();
  }

  /**
   * Those of the models that can be asked for now under a name that is allowed; under an alias with
   * that as its id.
   */
  public List<Model> named(Predicate<String> allowed) {
    return catalog.named(allowed);
  }

  public List<Provider> providers() {
    return catalog.providers();
  }

  RoutingOptions options() {
    return catalog.options();
  }
}
