package dev.concert.ensemble.routing;

import dev.concert.ensemble.routing.endpoint.EndpointSelector;
import dev.concert.ensemble.routing.endpoint.EndpointSelector.Hints;
import dev.concert.ensemble.routing.endpoint.ProviderEndpoint;
import dev.concert.ensemble.routing.endpoint.RoutingDecision;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A capacity pool: the endpoints of one provider that serve one model. Thread-safe. */
record CapacityPool(String provider, EndpointSelector choice, List<PoolMember> members) {

  /** Chooses among the endpoints that are available now. */
  Optional<RoutingDecision> choose(Predicate<ProviderEndpoint> allowed, Hints hints) {
    return choice.choose(
        members.stream()
            .map(PoolMember::endpoint)
            .filter(allowed)
            .filter(ProviderEndpoint::open)
            .toList(),
        hints);
  }

  PoolMember member(ProviderEndpoint endpoint) {
    return members.stream()
        .filter(member -> member.endpoint() == endpoint)
        .findFirst()
        .orElseThrow();
  }
}
