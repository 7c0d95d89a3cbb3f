package dev.concert.ensemble.socket;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.concert.ensemble.admission.LimitsLeft;
import java.util.Optional;

/**
 * What a key had left when a call of it was admitted, as the headers of HTTP say it.
 *
 * @param requests null for a key without a limit of them
 * @param tokens likewise
 * @param resetsAt the moment of UTC in which the next minute begins
 */
record RateLimitBody(
    LimitsLeft.Left requests, LimitsLeft.Left tokens, @JsonProperty("resets_at") String resetsAt) {

  /** Empty for a key without limits. */
  static Optional<RateLimitBody> of(LimitsLeft left) {
    return left.requests().isEmpty() && left.tokens().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RateLimitBody(
                left.requests().orElse(null),
                left.tokens().orElse(null),
                left.resets().toString()));
  }
}
