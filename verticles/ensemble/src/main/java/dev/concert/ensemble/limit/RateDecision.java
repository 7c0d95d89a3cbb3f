package dev.concert.ensemble.limit;

/** Whether a call may be made now. */
public sealed interface RateDecision {

  /**
   * It may.
   *
   * @param requestsLeft of these sixty seconds, after this call
   * @param tokensLeft of these sixty seconds, after the estimate of this call
   */
  record Granted(RateReservation reservation, long requestsLeft, long tokensLeft)
      implements RateDecision {}

  /**
   * It may not.
   *
   * @param what the limit that was reached: {@code requests} or {@code tokens}
   * @param retryAfterMs until so much of what was used is sixty seconds old that the call fits, or
   *     until other nodes can have said what they do not need; 0 when waiting does not help,
   *     because the call alone is over the limit
   */
  record Refused(String what, long retryAfterMs) implements RateDecision {}
}
