package dev.concert.github.work;

/**
 * How a turn ended.
 *
 * @param text what the agent said at last, or what went wrong
 * @param retryable whether the same again may help; only where it failed
 */
record TurnEnd(Kind kind, String text, boolean retryable) {
  enum Kind {
    COMPLETE,
    STOPPED,
    FAILED
  }
}
