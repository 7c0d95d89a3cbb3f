package dev.concert.ensemble.limit;

/** The decision whether a call may be made now. */
public sealed interface RateDecision {

  /**
   * The call is granted.
   *
   * @param requestsLeft requests left in these sixty seconds, after this call
   * @param tokensLeft tokens left in these sixty seconds, after the estimate of this call
   */
  record Granted(RateReservation reservation, long requestsLeft, long tokensLeft)
      implements RateDecision {}

  /**
   * The call is refused.
   *
   * @param what the limit that was reached: {@code requests} or {@code tokens}
   * @param retryAfterMs time until enough usage has left the window, or until other nodes can have
   *     released what they do not need; 0 if waiting does not help because the call alone exceeds
   *     the limit
   */
  record Refused(String what, long retryAfterMs) implements RateDecision {}
}
