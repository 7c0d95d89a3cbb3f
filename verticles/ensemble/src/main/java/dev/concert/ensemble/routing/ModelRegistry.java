package dev.concert.ensemble.routing;

import dev.concert.ensemble.limit.RateLimiters;
import dev.concert.ensemble.provider.Provider;
import dev.concert.inference.InferenceMessages.Model;
import dev.concert.inference.InferenceMessages.Models;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The models that are served now. They can be replaced at any time; calls in progress finish with
 * the old ones. Thread-safe.
 */
public final class ModelRegistry {
  private final RateLimiters limiters;
  private volatile ModelCatalog catalog;

  public ModelRegistry(List<Provider> providers) {
    this(providers, RoutingOptions.DEFAULT, RateLimiters.alone(System::currentTimeMillis));
  }

  /**
   * @param providers in the order of preference: the first model of the first one that has its key
   *     is the default
   * @throws IllegalArgumentException if no model can be served, two endpoints have the same name,
   *     or an alias or fallback names an unknown model
   */
  public ModelRegistry(List<Provider> providers, RoutingOptions options, RateLimiters limiters) {
    this.limiters = limiters;
    this.catalog = new ModelCatalog(providers, options, limiters, Map.of());
  }

  /**
   * Replaces the models. A provider that was there before keeps its limits, waits and circuit
   * breaker.
   *
   * @throws IllegalArgumentException as in the constructor; then nothing has changed
   */
  public synchronized void replace(List<Provider> providers, RoutingOptions options) {
    catalog = new ModelCatalog(providers, options, limiters, catalog.endpoints());
  }

  /** Checks again which providers have their keys. */
  public synchronized void refresh() {
    replace(catalog.providers(), catalog.options());
  }

  /**
   * @throws dev.concert.error.ConcertException {@code MODEL_UNKNOWN}, or {@code PROVIDER_AUTH} if
   *     its provider has no key
   */
  public ModelGroup find(String id) {
    return catalog.find(id);
  }

  /** Whether clients can name this model; its provider may have no key at the moment. */
  public boolean knows(String name) {
    return catalog.knows(name);
  }

  /** The models that are available now, and the default. */
  public Models published() {
    return catalog.published();
  }

  /** The available models under allowed names; a model under an alias has the alias as its id. */
  public List<Model> named(Predicate<String> allowed) {
    return catalog.named(allowed);
  }

  /** The models that vendors list and wildcards cover; never fails. */
  public Future<List<Model>> offered() {
    return catalog.offered();
  }

  public List<Provider> providers() {
    return catalog.providers();
  }

  RoutingOptions options() {
    return catalog.options();
  }
}
