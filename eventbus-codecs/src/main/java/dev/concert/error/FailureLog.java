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
}
