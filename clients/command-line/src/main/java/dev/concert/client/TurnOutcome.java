package dev.concert.client;

/** How a turn ended for the one who began it. */
public enum TurnOutcome {
  /** The agent answered and did all that it wanted to do. */
  ANSWERED,

  /** The agent answered, but was refused something on the way. */
  REFUSED,

  /** The answer ends before its end, for example at the model's longest output. */
  CUT,

  /** This client stopped it. */
  STOPPED,

  /** An error ended it. */
  FAILED
}
