package dev.concert.ensemble.routing.choice;

import dev.concert.ensemble.limit.RateDecision;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.limit.RateLimiter;
import dev.concert.ensemble.limit.RateReservation;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How much an endpoint may be sent in a minute, by all nodes together. Thread-safe; never waits.
 *
 * @param limiter asked for anew each time, since one that is not used is forgotten
 */
public record Capacity(RateLimit limit, Supplier<RateLimiter> limiter) {
  /** Whether a call with so many tokens may go there now. */
  boolean hasRoom(long tokens) {
    return !limit.limits() || limiter.get().hasRoom(limit, tokens);
  }

  /** Takes a call and its tokens; empty where there is no room for both. */
  Optional<RateReservation> take(long tokens) {
    return switch (limiter.get().reserve(limit, tokens)) {
      case RateDecision.Granted granted -> Optional.of(granted.reservation());
      case RateDecision.Refused refused -> Optional.empty();
    };
  }

  /** Milliseconds until there may be room again; 0 when there may be now. */
  long waitMillis(long tokens) {
    return limit.limits() ? limiter.get().roomInMillis(limit, tokens) : 0;
  }
}
