package dev.concert.error;

import org.slf4j.spi.LoggingEventBuilder;

/** Logs failures: a defect with its stack trace, what was foreseen in one line. */
public final class FailureLog {
  private FailureLog() {}

  /**
   * @param line with its level and keys
   * @param what happened, without a full stop
   */
  public static void write(LoggingEventBuilder line, String what, Throwable failure) {
    if (Problem.isDefect(failure)) {
      line.setCause(failure).log(what);
    } else {
      line.log("{}: {}", what, Problem.of(failure).message());
    }
  }

  /** What a failure says of itself; its class, where it says nothing. */
  public static String reason(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
  }
}
