package dev.concert.ensemble.routing.choice;

import dev.concert.ensemble.routing.affinity.CacheValue;
import dev.concert.ensemble.routing.choice.RoutingDecision.Reason;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Chooses among the endpoints of one pool: the provider's cache first, where it is worth something,
 * then the pool's strategy. Thread-safe; never blocks.
 */
public final class EndpointChoice {
  /** An endpoint with so many more calls under way than the least used one is too busy. */
  static final int BUSIER = 4;

  private final Strategy strategy;
  private final Thresholds thresholds;
  private final AtomicInteger turn = new AtomicInteger();

  public EndpointChoice(Strategy strategy, Thresholds thresholds) {
    this.strategy = strategy;
    this.thresholds = thresholds;
  }

  /**
   * What speaks for one endpoint.
   *
   * @param cachedAt id of the endpoint that has the prompt's beginning cached
   * @param value what that is worth
   * @param lastOfSession id of the endpoint of the session's last call
   */
  public record Hints(Optional<String> cachedAt, CacheValue value, Optional<String> lastOfSession) {
    public static final Hints NONE = new Hints(Optional.empty(), CacheValue.NONE, Optional.empty());
  }

  /**
   * @param candidates those that may be asked now
   * @return empty when there is none
   */
  public Optional<RoutingDecision> choose(List<Endpoint> candidates, Hints hints) {
    if (candidates.isEmpty()) {
      return Optional.empty();
    }
    if (candidates.size() == 1) {
      Endpoint only = candidates.getFirst();
      boolean cached = hints.cachedAt().filter(only.id()::equals).isPresent();
      return Optional.of(
          new RoutingDecision(
              only,
              Reason.ONLY_ENDPOINT,
              cached ? hints.value().dollars() : BigDecimal.ZERO,
              false));
    }
    return Optional.of(byCache(candidates, hints).orElseGet(() -> byStrategy(candidates, hints)));
  }

  private Optional<RoutingDecision> byCache(List<Endpoint> candidates, Hints hints) {
    Optional<Endpoint> cached = find(candidates, hints.cachedAt());
    if (cached.isEmpty()) {
      return Optional.empty();
    }
    if (hints.value().exceeds(thresholds.strong())) {
      return Optional.of(decision(cached.get(), Reason.CACHE_STRONG, hints));
    }
    boolean worth = hints.value().dollars().compareTo(thresholds.moderate()) >= 0;
    return worth && cached.get().underWay() < leastUsed(candidates).underWay() + BUSIER
        ? Optional.of(decision(cached.get(), Reason.CACHE_MODERATE, hints))
        : Optional.empty();
  }

  private static RoutingDecision decision(Endpoint endpoint, Reason reason, Hints hints) {
    return new RoutingDecision(endpoint, reason, hints.value().dollars(), true);
  }

  private RoutingDecision byStrategy(List<Endpoint> candidates, Hints hints) {
    return switch (strategy) {
      case SESSION_AFFINITY ->
          find(candidates, hints.lastOfSession())
              .map(last -> plain(last, Reason.SESSION))
              .orElseGet(() -> plain(leastUsed(candidates), Reason.LEAST_USED));
      case ROUND_ROBIN ->
          plain(
              candidates.get(Math.floorMod(turn.getAndIncrement(), candidates.size())),
              Reason.ROUND_ROBIN);
      case LEAST_USED -> plain(leastUsed(candidates), Reason.LEAST_USED);
    };
  }

  private static RoutingDecision plain(Endpoint endpoint, Reason reason) {
    return new RoutingDecision(endpoint, reason, BigDecimal.ZERO, false);
  }

  private static Optional<Endpoint> find(List<Endpoint> candidates, Optional<String> id) {
    return id.flatMap(
        wanted -> candidates.stream().filter(endpoint -> endpoint.id().equals(wanted)).findFirst());
  }

  /** Among equals another one each time, or a quiet pool would wear out its first. */
  private Endpoint leastUsed(List<Endpoint> candidates) {
    int from = Math.floorMod(turn.getAndIncrement(), candidates.size());
    return IntStream.range(0, candidates.size())
        .mapToObj(step -> candidates.get((from + step) % candidates.size()))
        .min(Comparator.comparingInt(Endpoint::underWay))
        .orElseThrow();
  }
}
