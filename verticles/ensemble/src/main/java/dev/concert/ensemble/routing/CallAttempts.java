package dev.concert.ensemble.routing;

import dev.concert.ensemble.limit.RateReservation;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.routing.affinity.PromptPrefixes;
import dev.concert.ensemble.routing.endpoint.EndpointSelector.Hints;
import dev.concert.ensemble.routing.endpoint.ProviderEndpoint;
import dev.concert.ensemble.routing.endpoint.RetryPolicy;
import dev.concert.ensemble.routing.endpoint.RoutingDecision;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The attempts at one call: no endpoint is called twice, and at most {@link #MOST} are called,
 * unless the call waits and begins anew. Not thread-safe: belongs to the call.
 */
public final class CallAttempts {
  static final int MOST = 4;

  /** How long an endpoint is not used that is over its limit and does not say for how long. */
  static final long USUAL_REST_MS = 1_000;

  /** The longest wait that an endpoint may ask for. */
  static final long LONGEST_REST_MS = 300_000;

  private final CallRouter router;
  private final ModelGroup group;
  private final Criteria asked;
  private final Set<ProviderEndpoint> tried = new HashSet<>();
  private Optional<UnderWay> current = Optional.empty();
  private final RetryPause pause;
  private int made;

  CallAttempts(CallRouter router, ModelGroup group, Criteria asked) {
    this.router = router;
    this.group = group;
    this.asked = asked;
    this.pause = new RetryPause(router.patience());
  }

  /**
   * What decides where the call goes.
   *
   * @param estimate the estimated tokens of the prompt and a usual answer
   */
  record Criteria(PromptPrefixes prompt, Optional<String> session, TokenCount estimate) {
    long tokens() {
      return estimate.prompt() + estimate.output();
    }
  }

  /** An attempt, and what it reserved in its endpoint's limits. */
  private record UnderWay(Attempt attempt, RateReservation taken) {}

  /**
   * Starts the first attempt.
   *
   * @throws ConcertException {@code PROVIDER_RATE_LIMITED}, with the time to wait, if no endpoint
   *     is available
   */
  public Attempt first() {
    return choose(group.pools())
        .or(this::insist)
        .orElseThrow(
            () ->
                ConcertException.retryAfter(
                    ErrorCode.PROVIDER_RATE_LIMITED,
                    "Every endpoint of the model '%s' is over its limit.".formatted(group.model()),
                    shortestRest()));
  }

  /** A model that may answer and has no price. */
  public Optional<ServedModel> unpriced() {
    return group.pools().stream()
        .flatMap(pool -> pool.members().stream())
        .map(member -> member.route().model())
        .filter(model -> !model.price().known())
        .findFirst();
  }

  /** The name that the client sent, and the models that may answer. */
  public Set<String> models() {
    return Stream.concat(
            Stream.of(group.model()),
            group.pools().stream()
                .flatMap(pool -> pool.members().stream())
                .map(member -> member.route().model().id()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The maximum over all models that may answer. */
  public BigDecimal most(Function<ServedModel, BigDecimal> of) {
    return group.pools().stream()
        .flatMap(pool -> pool.members().stream())
        .map(member -> of.apply(member.route().model()))
        .reduce(BigDecimal.ZERO, BigDecimal::max);
  }

  /**
   * Starts the next attempt after one that failed before the client received anything; empty to
   * give up.
   */
  public Optional<Attempt> after(Throwable failure) {
    Attempt failed = current.orElseThrow().attempt();
    Problem problem = Problem.of(failure);
    end(TokenCount.NONE);
    // Without another endpoint the client receives the time to wait and decides itself.
    if (problem.code() == ErrorCode.PROVIDER_RATE_LIMITED && group.hasChoice()) {
      long asked = problem.retryAfterMs() > 0 ? problem.retryAfterMs() : USUAL_REST_MS;
      failed.endpoint().rest(Math.min(asked, LONGEST_REST_MS));
    }
    return tried.size() == MOST
        ? Optional.empty()
        : switch (RetryPolicy.of(problem.code())) {
          case NONE -> Optional.empty();
          case NEXT_ENDPOINT -> choose(group.pools());
          case OTHER_PROVIDER -> choose(othersFirst(failed.endpoint().provider()));
        };
  }

  /**
   * Milliseconds after which endpoints that failed for now may be called again; empty to give up.
   */
  public OptionalLong pauseAfter(Throwable failure) {
    return pause.after(Problem.of(failure));
  }

  /** Starts an attempt after such a pause, at any endpoint. */
  public Optional<Attempt> again() {
    tried.clear();
    return choose(group.pools()).or(this::insist);
  }

  /** The current attempt was answered; routing remembers where it went. */
  public void answered(TokenCount tokens) {
    current.ifPresent(
        done -> router.remember(done.attempt(), asked.prompt(), asked.session(), tokens));
    end(tokens);
  }

  /**
   * Ends the current attempt; does nothing if it has already ended.
   *
   * @param tokens the tokens used at its endpoint
   */
  public void end(TokenCount tokens) {
    current.ifPresent(
        over -> {
          over.attempt().endpoint().end();
          over.taken().settle(tokens.prompt() + tokens.output());
        });
    current = Optional.empty();
  }

  private List<CapacityPool> othersFirst(String provider) {
    List<CapacityPool> pools = new ArrayList<>(group.pools());
    pools.sort(Comparator.comparing(pool -> pool.provider().equals(provider)));
    return pools;
  }

  private Optional<Attempt> choose(List<CapacityPool> pools) {
    for (CapacityPool pool : pools) {
      Optional<RoutingDecision> decision = chosenOf(pool);
      while (decision.isPresent()) {
        Optional<Attempt> begun = begin(pool, decision.get());
        if (begun.isPresent()) {
          return begun;
        }
        decision = chosenOf(pool);
      }
    }
    return Optional.empty();
  }

  /** Chooses among the endpoints that were not called yet and whose limits have room. */
  private Optional<RoutingDecision> chosenOf(CapacityPool pool) {
    return pool.choose(
        endpoint -> !tried.contains(endpoint) && endpoint.hasRoom(asked.tokens()), hints(pool));
  }

  private Hints hints(CapacityPool pool) {
    return pool.members().size() == 1
        ? Hints.NONE
        : router.hints(pool, asked.prompt(), asked.session());
  }

  /** If all circuit breakers are open, one of them may be ready for its probe. */
  private Optional<Attempt> insist() {
    return group.pools().stream()
        .flatMap(
            pool ->
                members(pool)
                    .filter(endpoint -> endpoint.restMillis() == 0)
                    .flatMap(endpoint -> begin(pool, RoutingDecision.only(endpoint)).stream()))
        .findFirst();
  }

  private static Stream<ProviderEndpoint> members(CapacityPool pool) {
    return pool.members().stream().map(PoolMember::endpoint);
  }

  private long shortestRest() {
    return group.pools().stream()
        .flatMap(CallAttempts::members)
        .mapToLong(endpoint -> endpoint.waitMillis(asked.tokens()))
        .min()
        .orElse(USUAL_REST_MS);
  }

  /** Empty if another call has just taken the rest of its limit. */
  private Optional<Attempt> begin(CapacityPool pool, RoutingDecision decision) {
    ProviderEndpoint endpoint = decision.endpoint();
    Optional<RateReservation> taken = endpoint.begin(asked.tokens());
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    tried.add(endpoint);
    ModelRoute route = pool.member(endpoint).route();
    Attempt attempt =
        new Attempt(
            route, decision.withCostPenalty(group.penalty(route, asked.estimate())), ++made);
    current = Optional.of(new UnderWay(attempt, taken.get()));
    return Optional.of(attempt);
  }
}
