package dev.concert.ensemble.routing;

import dev.concert.ensemble.limit.RateReservation;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.routing.affinity.Prefixes;
import dev.concert.ensemble.routing.choice.Endpoint;
import dev.concert.ensemble.routing.choice.EndpointChoice.Hints;
import dev.concert.ensemble.routing.choice.Retry;
import dev.concert.ensemble.routing.choice.RoutingDecision;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The tries at one call: no endpoint is tried twice, and never more than {@link #MOST} are. Not
 * thread-safe: belongs to the call.
 */
public final class Attempts {
  static final int MOST = 4;

  /** How long an endpoint rests that is over its limit and does not say for how long. */
  static final long USUAL_REST_MS = 1_000;

  /** Nobody is believed who asks for more. */
  static final long LONGEST_REST_MS = 300_000;

  private final Router router;
  private final ModelGroup group;
  private final Asked asked;
  private final Set<Endpoint> tried = new HashSet<>();
  private Optional<UnderWay> current = Optional.empty();

  Attempts(Router router, ModelGroup group, Asked asked) {
    this.router = router;
    this.group = group;
    this.asked = asked;
  }

  /**
   * What decides where the call goes.
   *
   * @param estimate the tokens of the prompt and of a usual answer
   */
  record Asked(Prefixes prompt, Optional<String> session, TokenCount estimate) {
    long tokens() {
      return estimate.prompt() + estimate.output();
    }
  }

  /** A try, and what was taken of its endpoint's limits. */
  private record UnderWay(Attempt attempt, RateReservation taken) {}

  /**
   * The first try.
   *
   * @throws ConcertException {@code PROVIDER_RATE_LIMITED}, with the time to wait, when every
   *     endpoint rests
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

  /** The most of something, whoever of all that may be tried answers in the end. */
  public BigDecimal most(Function<ServedModel, BigDecimal> of) {
    return group.pools().stream()
        .flatMap(pool -> pool.members().stream())
        .map(member -> of.apply(member.route().model()))
        .reduce(BigDecimal.ZERO, BigDecimal::max);
  }

  /** The next try after one that failed before anybody saw anything of it; empty to give up. */
  public Optional<Attempt> after(Throwable failure) {
    Attempt failed = current.orElseThrow().attempt();
    Problem problem = Problem.of(failure);
    end(TokenCount.NONE);
    // Where there is no other the client is told how long to wait, and decides itself.
    if (problem.code() == ErrorCode.PROVIDER_RATE_LIMITED && group.hasChoice()) {
      long asked = problem.retryAfterMs() > 0 ? problem.retryAfterMs() : USUAL_REST_MS;
      failed.endpoint().rest(Math.min(asked, LONGEST_REST_MS));
    }
    return failed.number() == MOST
        ? Optional.empty()
        : switch (Retry.of(problem.code())) {
          case NONE -> Optional.empty();
          case NEXT_ENDPOINT -> choose(group.pools());
          case OTHER_PROVIDER -> choose(othersFirst(failed.endpoint().provider()));
        };
  }

  /** The current try was answered; where it went is remembered. */
  public void answered(TokenCount tokens) {
    current.ifPresent(
        done -> router.remember(done.attempt(), asked.prompt(), asked.session(), tokens));
    end(tokens);
  }

  /**
   * The current try is over, however it ended. Harmless when it is already.
   *
   * @param tokens what it has used at its endpoint
   */
  public void end(TokenCount tokens) {
    current.ifPresent(
        over -> {
          over.attempt().endpoint().end();
          over.taken().settle(tokens.prompt() + tokens.output());
        });
    current = Optional.empty();
  }

  private List<Pool> othersFirst(String provider) {
    List<Pool> pools = new ArrayList<>(group.pools());
    pools.sort(Comparator.comparing(pool -> pool.provider().equals(provider)));
    return pools;
  }

  private Optional<Attempt> choose(List<Pool> pools) {
    return pools.stream()
        .flatMap(
            pool ->
                Stream.iterate(chosenOf(pool), Optional::isPresent, another -> chosenOf(pool))
                    .flatMap(decision -> begin(pool, decision.get()).stream()))
        .findFirst();
  }

  /** Of the endpoints that have not been tried, and whose limits have room. */
  private Optional<RoutingDecision> chosenOf(Pool pool) {
    return pool.choose(
        endpoint -> !tried.contains(endpoint) && endpoint.hasRoom(asked.tokens()), hints(pool));
  }

  private Hints hints(Pool pool) {
    return pool.members().size() == 1
        ? Hints.NONE
        : router.hints(pool, asked.prompt(), asked.session());
  }

  /** Where all circuit breakers are open, one of them may be ready for its probe. */
  private Optional<Attempt> insist() {
    return group.pools().stream()
        .flatMap(
            pool ->
                members(pool)
                    .filter(endpoint -> endpoint.restMillis() == 0)
                    .flatMap(endpoint -> begin(pool, RoutingDecision.only(endpoint)).stream()))
        .findFirst();
  }

  private static Stream<Endpoint> members(Pool pool) {
    return pool.members().stream().map(Member::endpoint);
  }

  private long shortestRest() {
    return group.pools().stream()
        .flatMap(Attempts::members)
        .mapToLong(endpoint -> endpoint.waitMillis(asked.tokens()))
        .min()
        .orElse(USUAL_REST_MS);
  }

  /** Empty where another call was faster and took the last of its limit. */
  private Optional<Attempt> begin(Pool pool, RoutingDecision decision) {
    Endpoint endpoint = decision.endpoint();
    Optional<RateReservation> taken = endpoint.begin(asked.tokens());
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    tried.add(endpoint);
    ModelRoute route = pool.member(endpoint).route();
    Attempt attempt =
        new Attempt(
            route, decision.withCostPenalty(group.penalty(route, asked.estimate())), tried.size());
    current = Optional.of(new UnderWay(attempt, taken.get()));
    return Optional.of(attempt);
  }
}
