package dev.concert.ensemble.routing.endpoint;

import dev.concert.ensemble.limit.RateDecision;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.limit.RateLimiter;
import dev.concert.ensemble.limit.RateReservation;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The limits of an endpoint per minute, for all nodes together. Thread-safe; never blocks.
 *
 * @param limiter looked up for each use, because unused limiters are evicted
 */
public record EndpointCapacity(RateLimit limit, Supplier<RateLimiter> limiter) {
  /** Whether a call with so many tokens fits now. */
  boolean hasRoom(long tokens) {
    return !limit.limits() || limiter.get().hasRoom(limit, tokens);
  }

  /** Reserves a call and its tokens; empty if there is no room for both. */
  Optional<RateReservation> take(long tokens) {
    return switch (limiter.get().reserve(limit, tokens)) {
      case RateDecision.Granted granted -> Optional.of(granted.reservation());
      case RateDecision.Refused refused -> Optional.empty();
    };
  }

  /** Milliseconds until there may be room again; 0 if there is room now. */
  long waitMillis(long tokens) {
    return limit.limits() ? limiter.get().roomInMillis(limit, tokens) : 0;
  }
}
