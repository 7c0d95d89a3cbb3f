package dev.concert.ensemble.routing;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.Rates;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.routing.affinity.CacheAffinity;
import dev.concert.ensemble.routing.affinity.CacheValue;
import dev.concert.ensemble.routing.affinity.Expected;
import dev.concert.ensemble.routing.affinity.Prefixes;
import dev.concert.ensemble.routing.choice.EndpointChoice.Hints;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds the endpoint for each call: the model's group, then what the providers' caches are worth,
 * then the pool's strategy; and the next one when that fails. Thread-safe; never blocks.
 */
public final class Router {
  private final ModelRegistry models;
  private final CacheAffinity affinity;

  public Router(ModelRegistry models, RoutingOptions options) {
    this(models, options, Ticker.systemTicker());
  }

  Router(ModelRegistry models, RoutingOptions options, Ticker clock) {
    this.models = models;
    this.affinity = new CacheAffinity(options.remembered(), clock);
  }

  /**
   * What of the prompt decides where it goes; nothing where there is no choice. Reads the whole
   * prompt: for a large one not on an event loop.
   */
  public Prefixes read(InferenceRequest request) {
    return models.find(request.model()).hasChoice() ? Prefixes.of(request) : Prefixes.NONE;
  }

  /**
   * The tries at a call.
   *
   * @param estimate the tokens of the prompt and of a usual answer
   * @throws dev.concert.error.ConcertException when nobody serves the model
   */
  public Attempts attempts(
      String model, Prefixes prompt, Optional<String> session, TokenCount estimate) {
    return new Attempts(this, models.find(model), new Attempts.Asked(prompt, session, estimate));
  }

  /** Prompts of which it is remembered where they were read. */
  public long rememberedPrompts() {
    return affinity.prompts();
  }

  /** Sessions of which it is remembered where they were. */
  public long rememberedSessions() {
    return affinity.sessions();
  }

  Hints hints(Pool pool, Prefixes prompt, Optional<String> session) {
    ModelRoute route = pool.members().getFirst().route();
    Optional<Expected> expected = affinity.find(place(route), prompt);
    Rates rates = route.model().price().rates();
    return new Hints(
        expected.map(Expected::endpoint),
        expected
            .map(known -> CacheValue.of(known, rates.input(), rates.cached()))
            .orElse(CacheValue.NONE),
        session.flatMap(id -> affinity.lastOf(place(route) + ' ' + id)));
  }

  void remember(Attempt attempt, Prefixes prompt, Optional<String> session, TokenCount tokens) {
    String place = place(attempt.route());
    String endpoint = attempt.endpoint().id();
    Duration lasts = models.options().cacheLasts(attempt.endpoint().provider());
    boolean confirmed = tokens.cached() > 0 || tokens.cacheWrite() > 0;
    affinity.remember(place, prompt, endpoint, confirmed, lasts);
    session.ifPresent(id -> affinity.visit(place + ' ' + id, endpoint, lasts));
  }

  /** Caches belong to a model at a provider. */
  private static String place(ModelRoute route) {
    return route.provider().name() + ' ' + route.model().upstreamId();
  }
}
