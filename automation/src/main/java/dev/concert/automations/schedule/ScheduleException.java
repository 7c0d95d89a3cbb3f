package dev.concert.automations.schedule;

/** A schedule cannot be read. The message is a sentence for the person who wrote it. */
public final class ScheduleException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ScheduleException(String message) {
    super(message);
  }

  ScheduleException(String message, Throwable cause) {
    super(message, cause);
  }
}
