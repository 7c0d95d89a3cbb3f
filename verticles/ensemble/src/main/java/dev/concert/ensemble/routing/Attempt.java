package dev.concert.ensemble.routing;

import dev.concert.ensemble.routing.choice.Endpoint;
import dev.concert.ensemble.routing.choice.RoutingDecision;

/**
 * One try at a call.
 *
 * @param number counts from 1
 */
public record Attempt(ModelRoute route, RoutingDecision decision, int number) {

  Endpoint endpoint() {
    return decision.endpoint();
  }
}
