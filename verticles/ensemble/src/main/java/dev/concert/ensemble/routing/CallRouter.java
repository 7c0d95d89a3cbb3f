package dev.concert.ensemble.routing;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.Rates;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.routing.affinity.CacheAffinity;
import dev.concert.ensemble.routing.affinity.CacheExpectation;
import dev.concert.ensemble.routing.affinity.CacheValue;
import dev.concert.ensemble.routing.affinity.PromptPrefixes;
import dev.concert.ensemble.routing.endpoint.EndpointSelector.Hints;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Routes calls to endpoints: by the model's group, then by the value of the providers' caches, then
 * by the pool's strategy. Thread-safe; never blocks.
 */
public final class CallRouter {
  private final ModelRegistry models;
  private final CacheAffinity affinity;

  public CallRouter(ModelRegistry models, RoutingOptions options) {
    this(models, options, Ticker.systemTicker());
  }

  CallRouter(ModelRegistry models, RoutingOptions options, Ticker clock) {
    this.models = models;
    this.affinity = new CacheAffinity(options.remembered(), clock);
  }

  /**
   * Reads what cache-aware routing needs; nothing if there is no choice. Reads the whole prompt; do
   * not call it for a large one on an event loop.
   */
  public PromptPrefixes read(InferenceRequest request) {
    return models.find(request.model()).hasChoice()
        ? PromptPrefixes.of(request)
        : PromptPrefixes.NONE;
  }

  /**
   * Prepares the attempts at a call.
   *
   * @param estimate the estimated tokens of the prompt and a usual answer
   * @throws dev.concert.error.ConcertException if the model is not served
   */
  public CallAttempts attempts(
      String model, PromptPrefixes prompt, Optional<String> session, TokenCount estimate) {
    return new CallAttempts(
        this, models.find(model), new CallAttempts.Criteria(prompt, session, estimate));
  }

  /**
   * Lets the vendor of a model count the tokens of a prompt; empty if it cannot, or does not now.
   *
   * @return never fails because of the vendor
   * @throws dev.concert.error.ConcertException if the model is not served
   */
  public Future<OptionalLong> countTokens(InferenceRequest request) {
    return models.find(request.model()).pools().stream()
        .flatMap(pool -> pool.members().stream())
        .map(PoolMember::route)
        .filter(route -> route.provider().hasKey() && route.provider().admits())
        .findFirst()
        .map(route -> route.provider().countTokens(route.model(), request))
        .orElseGet(() -> Future.succeededFuture(OptionalLong.empty()));
  }

  /** The number of prompts whose endpoint is remembered. */
  public long rememberedPrompts() {
    return affinity.prompts();
  }

  /** The number of sessions whose endpoint is remembered. */
  public long rememberedSessions() {
    return affinity.sessions();
  }

  Duration patience() {
    return models.options().patience();
  }

  Hints hints(CapacityPool pool, PromptPrefixes prompt, Optional<String> session) {
    ModelRoute route = pool.members().getFirst().route();
    Optional<CacheExpectation> expected = affinity.find(place(route), prompt);
    Rates rates = route.model().price().rates();
    return new Hints(
        expected.map(CacheExpectation::endpoint),
        expected
            .map(known -> CacheValue.of(known, rates.input(), rates.cached()))
            .orElse(CacheValue.NONE),
        session.flatMap(id -> affinity.lastOf(place(route) + ' ' + id)));
  }

  void remember(
      Attempt attempt, PromptPrefixes prompt, Optional<String> session, TokenCount tokens) {
    String place = place(attempt.route());
    String endpoint = attempt.endpoint().id();
    Duration lasts = models.options().cacheLasts(attempt.endpoint().provider());
    boolean confirmed = tokens.cached() > 0 || tokens.cacheWrite() > 0;
    affinity.remember(place, prompt, endpoint, confirmed, lasts);
    session.ifPresent(id -> affinity.visit(place + ' ' + id, endpoint, lasts));
  }

  /** The key of a cache: a model at a provider. */
  private static String place(ModelRoute route) {
    return route.provider().name() + ' ' + route.model().upstreamId();
  }
}
