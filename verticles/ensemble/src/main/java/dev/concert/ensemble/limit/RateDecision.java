package dev.concert.ensemble.limit;

/** Whether a call may be made now. */
public sealed interface RateDecision {

  /**
   * It may.
   *
   * @param requestsLeft of this minute, after this call
   * @param tokensLeft of this minute, after the estimate of this call
   */
  record Granted(RateReservation reservation, long requestsLeft, long tokensLeft)
      implements RateDecision {}

  /**
   * It may not.
   *
   * @param what the limit that was reached: {@code requests} or {@code tokens}
   * @param retryAfterMs until the next minute begins; 0 when waiting does not help, because the
   *     call alone is over the limit
   */
  record Refused(String what, long retryAfterMs) implements RateDecision {}
}
