package dev.concert.ensemble.routing;

import dev.concert.ensemble.message.RoutingSummary;
import dev.concert.ensemble.model.Price;
import dev.concert.ensemble.routing.endpoint.ProviderEndpoint;
import dev.concert.ensemble.routing.endpoint.RoutingDecision;
import java.util.Locale;

/**
 * One attempt at a call: an endpoint and why it was chosen.
 *
 * @param number counts from 1
 */
public record Attempt(ModelRoute route, RoutingDecision decision, int number) {

  ProviderEndpoint endpoint() {
    return decision.endpoint();
  }

  /** Why the endpoint was chosen, in lower case. */
  public String reason() {
    return decision.reason().name().toLowerCase(Locale.ROOT);
  }

  /** The summary for clients: where the call went and why. */
  public RoutingSummary summary() {
    return new RoutingSummary(
        endpoint().id(),
        reason(),
        number,
        Price.plain(decision.estimatedValue()),
        decision.cacheOptimized(),
        Price.plain(decision.costPenalty()));
  }
}
