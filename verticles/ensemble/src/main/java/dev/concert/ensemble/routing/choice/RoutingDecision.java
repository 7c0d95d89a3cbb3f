package dev.concert.ensemble.routing.choice;

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
    Endpoint endpoint,
    Reason reason,
    BigDecimal estimatedValue,
    boolean cacheOptimized,
    BigDecimal costPenalty) {

  /** Of a choice among endpoints of one price. */
  RoutingDecision(
      Endpoint endpoint, Reason reason, BigDecimal estimatedValue, boolean cacheOptimized) {
    this(endpoint, reason, estimatedValue, cacheOptimized, BigDecimal.ZERO);
  }

  public RoutingDecision withCostPenalty(BigDecimal dollars) {
    return new RoutingDecision(endpoint, reason, estimatedValue, cacheOptimized, dollars);
  }

  /** Why an endpoint was chosen. */
  public enum Reason {
    /** Nothing to choose. */
    ONLY_ENDPOINT,
    /** So much is cached there that it is worth to queue behind others. */
    CACHE_STRONG,
    /** Something is cached there, and it is not busier than it should be. */
    CACHE_MODERATE,
    /** The session's last call went there. */
    SESSION,
    /** It was its turn. */
    ROUND_ROBIN,
    /** Fewest calls under way. */
    LEAST_USED
  }

  /** Nothing to choose. */
  public static RoutingDecision only(Endpoint endpoint) {
    return new RoutingDecision(endpoint, Reason.ONLY_ENDPOINT, BigDecimal.ZERO, false);
  }
}
