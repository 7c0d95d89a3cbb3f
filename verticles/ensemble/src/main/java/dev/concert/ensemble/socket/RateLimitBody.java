package dev.concert.ensemble.socket;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.concert.ensemble.admission.RemainingLimits;
import java.util.Optional;

/**
 * What was left of a key's limits when a call was admitted.
 *
 * @param requests null for a key without a limit of requests
 * @param tokens likewise
 * @param resetsAt when nothing that is used by then counts any more, in UTC
 */
record RateLimitBody(
    RemainingLimits.Left requests,
    RemainingLimits.Left tokens,
    @JsonProperty("resets_at") String resetsAt) {

  /** Empty for a key without limits. */
  static Optional<RateLimitBody> of(RemainingLimits left) {
    return left.requests().isEmpty() && left.tokens().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RateLimitBody(
                left.requests().orElse(null),
                left.tokens().orElse(null),
                left.resets().toString()));
  }
}
