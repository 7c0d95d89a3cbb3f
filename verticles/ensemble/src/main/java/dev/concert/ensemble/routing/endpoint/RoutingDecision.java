package dev.concert.ensemble.routing.endpoint;

import java.math.BigDecimal;

/**
 * Where a call goes and why.
 *
 * @param estimatedValue US dollars that the provider's cache is expected to save there
 * @param cacheOptimized whether the cache decided it
 * @param costPenalty US dollars that the call is expected to cost more there than at the cheapest
 *     of those that serve its model
 */
public record RoutingDecision(
    ProviderEndpoint endpoint,
    Reason reason,
    BigDecimal estimatedValue,
    boolean cacheOptimized,
    BigDecimal costPenalty) {

  /** A choice among endpoints of the same price. */
  RoutingDecision(
      ProviderEndpoint endpoint, Reason reason, BigDecimal estimatedValue, boolean cacheOptimized) {
    this(endpoint, reason, estimatedValue, cacheOptimized, BigDecimal.ZERO);
  }

  public RoutingDecision withCostPenalty(BigDecimal dollars) {
    return new RoutingDecision(endpoint, reason, estimatedValue, cacheOptimized, dollars);
  }

  /** Why an endpoint was chosen. */
  public enum Reason {
    /** Nothing to choose. */
    ONLY_ENDPOINT,
    /** So much is cached there that waiting behind other calls is worth it. */
    CACHE_STRONG,
    /** Something is cached there, and the endpoint is not too busy. */
    CACHE_MODERATE,
    /** The session's last call went there. */
    SESSION,
    /** Round robin. */
    ROUND_ROBIN,
    /** Fewest calls in progress. */
    LEAST_USED
  }

  /** Nothing to choose. */
  public static RoutingDecision only(ProviderEndpoint endpoint) {
    return new RoutingDecision(endpoint, Reason.ONLY_ENDPOINT, BigDecimal.ZERO, false);
  }
}
