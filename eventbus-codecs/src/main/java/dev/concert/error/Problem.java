package dev.concert.error;

/**
 * A failure as data: what every edge sends (WebSocket {@code error}, HTTP body, bus reply).
 *
 * @param code stable code
 * @param message safe sentence that names what was wrong
 * @param retryAfterMs milliseconds to wait, 0 when waiting is not the answer
 * @param service name of the service that failed, for logs and the bus; empty where it is this one
 * @param details lines for a reader who wants to know more, as safe as the message; may be empty
 */
public record Problem(
    ErrorCode code, String message, long retryAfterMs, String service, String details) {

  public Problem(ErrorCode code, String message, long retryAfterMs, String service) {
    this(code, message, retryAfterMs, service, "");
  }

  public Problem(ErrorCode code, String message, long retryAfterMs) {
    this(code, message, retryAfterMs, "");
  }

  public Problem(ErrorCode code, String message) {
    this(code, message, 0);
  }

  /**
   * The problem to show for any failure. One that is neither a {@link ConcertException} nor a
   * {@link DiskFailure} is a defect: its text may hold anything, so the reader gets a fixed
   * sentence, and the caller logs the failure.
   */
  public static Problem of(Throwable failure) {
    if (failure instanceof ConcertException known) {
      return known.problem();
    }
    return DiskFailure.isOne(failure)
        ? DiskFailure.problem()
        : new Problem(ErrorCode.INTERNAL, "Something went wrong inside Concert.");
  }

  /**
   * Whether a failure is a defect of the program. A failure of the disk is not; this call logs it
   * for operators.
   */
  public static boolean isDefect(Throwable failure) {
    return !(failure instanceof ConcertException) && !DiskFailure.isReported(failure);
  }

  /** The same problem as one of this service. */
  public Problem from(String failedService) {
    return new Problem(code, message, retryAfterMs, failedService, details);
  }

  /** The same problem with lines for a reader who wants to know more. */
  public Problem withDetails(String lines) {
    return new Problem(code, message, retryAfterMs, service, lines);
  }

  /** The message and what to do next, as one text for a person. */
  public String forPerson() {
    return message + " " + code.advice();
  }

  public ConcertException toException() {
    return new ConcertException(this, null);
  }
}
