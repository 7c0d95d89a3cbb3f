package dev.concert.coordinator.instance;

import dev.concert.coordinator.process.ExitStatus;
import dev.concert.coordinator.process.HostPaths;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;

/** Why an agent process ended. */
sealed interface ExitReason {

  /** Name for {@code sandbox.removed}. */
  String reason();

  /** The failure of a start when a stop comes first. */
  static ConcertException stoppedMeanwhile() {
    return new ConcertException(
        ErrorCode.SESSION_INACTIVE, "The agent was stopped while it started.");
  }

  /**
   * It ended, or was ended, without a stop request.
   *
   * @param why the rest of a sentence that begins with "it", safe to show; empty when the process
   *     just ended
   */
  record Crashed(String why) implements ExitReason {
    @Override
    public String reason() {
      return "crashed";
    }

    /** One sentence for a person; what the agent printed last is in the details. */
    ConcertException toException(ExitStatus status) {
      String sentence =
          status
              .overrun()
              .map(passed -> "The agent was ended because it " + passed)
              .orElseGet(() -> unlimited(status));
      return new Problem(ErrorCode.AGENT_CRASHED, sentence + ".")
          .withDetails(HostPaths.shorten(status.logTail()))
          .toException();
    }

    private String unlimited(ExitStatus status) {
      return why.isEmpty()
          ? "The agent ended " + status.inWords().orElse("unexpectedly")
          : "The agent was ended because " + why;
    }
  }

  /** A stop was requested. */
  record Stopped(String reason) implements ExitReason {}

  /** It did not interrupt its work on a message when requested. */
  record IgnoredInterrupt() implements ExitReason {
    @Override
    public String reason() {
      return "interrupt_ignored";
    }
  }
}
