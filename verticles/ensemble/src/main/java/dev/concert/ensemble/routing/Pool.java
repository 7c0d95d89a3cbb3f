package dev.concert.ensemble.routing;

import dev.concert.ensemble.routing.choice.Endpoint;
import dev.concert.ensemble.routing.choice.EndpointChoice;
import dev.concert.ensemble.routing.choice.EndpointChoice.Hints;
import dev.concert.ensemble.routing.choice.RoutingDecision;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A capacity pool: the endpoints of one provider that serve one model. Thread-safe. */
record Pool(String provider, EndpointChoice choice, List<Member> members) {

  /** Chooses among the endpoints that may be asked now. */
  Optional<RoutingDecision> choose(Predicate<Endpoint> allowed, Hints hints) {
    return choice.choose(
        members.stream().map(Member::endpoint).filter(allowed).filter(Endpoint::open).toList(),
        hints);
  }

  Member member(Endpoint endpoint) {
    return members.stream()
        .filter(member -> member.endpoint() == endpoint)
        .findFirst()
        .orElseThrow();
  }
}
