package dev.concert.coordinator.instance;

import dev.concert.coordinator.sandbox.ExitStatus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;

/** Why an agent process is no more. */
sealed interface Death {

  /** Name for {@code sandbox.removed}. */
  String reason();

  /** The answer to a start that a stop overtook. */
  static ConcertException stoppedMeanwhile() {
    return new ConcertException(
        ErrorCode.SESSION_INACTIVE, "The agent was stopped while it started.");
  }

  /**
   * It ended, or had to be ended, and nobody had asked for it.
   *
   * @param why the rest of a sentence that begins with "it", safe to show; empty when the process
   *     just ended
   */
  record Crashed(String why) implements Death {
    @Override
    public String reason() {
      return "crashed";
    }

    /** For a person: what happened, and what the agent printed last. */
    String inWords(ExitStatus status) {
      String sentence =
          why.isEmpty()
              ? "The agent ended " + status.inWords().orElse("unexpectedly")
              : "The agent was ended because " + why;
      return sentence
          + (status.logTail().isEmpty() ? "." : ". The end of its log:\n" + status.logTail());
    }

    ConcertException toException(ExitStatus status) {
      return new ConcertException(ErrorCode.AGENT_CRASHED, inWords(status));
    }
  }

  /** Somebody asked for it. */
  record Stopped(String reason) implements Death {}

  /** It did not stop its work on a message when it was told to. */
  record IgnoredInterrupt() implements Death {
    @Override
    public String reason() {
      return "interrupt_ignored";
    }
  }
}
