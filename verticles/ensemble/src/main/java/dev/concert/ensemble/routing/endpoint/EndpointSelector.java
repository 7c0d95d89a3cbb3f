package dev.concert.ensemble.routing.endpoint;

import dev.concert.ensemble.routing.affinity.CacheValue;
import dev.concert.ensemble.routing.endpoint.RoutingDecision.Reason;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Chooses an endpoint of a pool: by the value of the provider's cache first, then by the pool's
 * strategy. Thread-safe; never blocks.
 */
public final class EndpointSelector {
  /** An endpoint with so many more calls in progress than the least used one is too busy. */
  static final int BUSIER = 4;

  private final PoolStrategy strategy;
  private final CacheThresholds thresholds;
  private final AtomicInteger turn = new AtomicInteger();

  public EndpointSelector(PoolStrategy strategy, CacheThresholds thresholds) {
    this.strategy = strategy;
    this.thresholds = thresholds;
  }

  /**
   * The hints for the choice.
   *
   * @param cachedAt id of the endpoint that has the prompt's prefix cached
   * @param value the value of that cache
   * @param lastOfSession id of the endpoint of the session's last call
   */
  public record Hints(Optional<String> cachedAt, CacheValue value, Optional<String> lastOfSession) {
    public static final Hints NONE = new Hints(Optional.empty(), CacheValue.NONE, Optional.empty());
  }

  /**
   * @param candidates the endpoints that may be called now
   * @return empty if there is none
   */
  public Optional<RoutingDecision> choose(List<ProviderEndpoint> candidates, Hints hints) {
    if (candidates.isEmpty()) {
      return Optional.empty();
    }
    if (candidates.size() == 1) {
      ProviderEndpoint only = candidates.getFirst();
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

  private Optional<RoutingDecision> byCache(List<ProviderEndpoint> candidates, Hints hints) {
    Optional<ProviderEndpoint> cached = find(candidates, hints.cachedAt());
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

  private static RoutingDecision decision(ProviderEndpoint endpoint, Reason reason, Hints hints) {
    return new RoutingDecision(endpoint, reason, hints.value().dollars(), true);
  }

  private RoutingDecision byStrategy(List<ProviderEndpoint> candidates, Hints hints) {
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

  private static RoutingDecision plain(ProviderEndpoint endpoint, Reason reason) {
    return new RoutingDecision(endpoint, reason, BigDecimal.ZERO, false);
  }

  private static Optional<ProviderEndpoint> find(
      List<ProviderEndpoint> candidates, Optional<String> id) {
    return id.flatMap(
        wanted -> candidates.stream().filter(endpoint -> endpoint.id().equals(wanted)).findFirst());
  }

  /** Rotates among equal endpoints, so that a quiet pool does not always use its first one. */
  private ProviderEndpoint leastUsed(List<ProviderEndpoint> candidates) {
    int from = Math.floorMod(turn.getAndIncrement(), candidates.size());
    return IntStream.range(0, candidates.size())
        .mapToObj(step -> candidates.get((from + step) % candidates.size()))
        .min(Comparator.comparingInt(ProviderEndpoint::underWay))
        .orElseThrow();
  }
}
