package dev.concert.ensemble.routing;

import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.routing.affinity.Prefixes;
import dev.concert.ensemble.routing.choice.Endpoint;
import dev.concert.ensemble.routing.choice.EndpointChoice.Hints;
import dev.concert.ensemble.routing.choice.Retry;
import dev.concert.ensemble.routing.choice.RoutingDecision;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  private final Prefixes prompt;
  private final Optional<String> session;
  private final Set<Endpoint> tried = new HashSet<>();
  private Optional<Attempt> current = Optional.empty();

  Attempts(Router router, ModelGroup group, Prefixes prompt, Optional<String> session) {
    this.router = router;
    this.group = group;
    this.prompt = prompt;
    this.session = session;
  }

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

  /** The next try after one that failed before anybody saw anything of it; empty to give up. */
  public Optional<Attempt> after(Throwable failure) {
    Attempt failed = current.orElseThrow();
    Problem problem = Problem.of(failure);
    end();
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
    current.ifPresent(attempt -> router.remember(attempt, prompt, session, tokens));
    end();
  }

  /** The current try is over, however it ended. Harmless when it is already. */
  public void end() {
    current.ifPresent(attempt -> attempt.endpoint().end());
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
                pool.choose(endpoint -> !tried.contains(endpoint), hints(pool)).stream()
                    .map(decision -> begin(pool, decision)))
        .findFirst();
  }

  private Hints hints(Pool pool) {
    return pool.members().size() == 1 ? Hints.NONE : router.hints(pool, prompt, session);
  }

  /** Where all circuit breakers are open, one of them may be ready for its probe. */
  private Optional<Attempt> insist() {
    return group.pools().stream()
        .flatMap(
            pool ->
                members(pool)
                    .filter(endpoint -> endpoint.restMillis() == 0)
                    .map(endpoint -> begin(pool, RoutingDecision.only(endpoint))))
        .findFirst();
  }

  private static Stream<Endpoint> members(Pool pool) {
    return pool.members().stream().map(Member::endpoint);
  }

  private long shortestRest() {
    return group.pools().stream()
        .flatMap(Attempts::members)
        .mapToLong(Endpoint::restMillis)
        .min()
        .orElse(USUAL_REST_MS);
  }

  private Attempt begin(Pool pool, RoutingDecision decision) {
    Endpoint endpoint = decision.endpoint();
    tried.add(endpoint);
    endpoint.begin();
    Attempt attempt = new Attempt(pool.member(endpoint).route(), decision, tried.size());
    current = Optional.of(attempt);
    return attempt;
  }
}
