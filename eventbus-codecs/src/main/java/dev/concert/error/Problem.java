package dev.concert.error;

/**
 * A failure as data: what every edge sends (WebSocket {@code error}, HTTP body, bus reply).
 *
 * @param code stable code
 * @param message safe sentence that names what was wrong
 * @param retryAfterMs milliseconds to wait, 0 when waiting is not the answer
 */
public record Problem(ErrorCode code, String message, long retryAfterMs) {

  public Problem(ErrorCode code, String message) {
    this(code, message, 0);
  }

  /**
   * The problem to show for any failure. A failure that is no {@link ConcertException} is a defect:
   * its text may hold anything, so the reader gets a fixed sentence, and the caller logs the
   * failure.
   */
  public static Problem of(Throwable failure) {
    return failure instanceof ConcertException known
        ? known.problem()
        : new Problem(ErrorCode.INTERNAL, "Something went wrong inside Concert.");
  }

  /** The message and what to do next, as one text for a person. */
  public String forPerson() {
    return message + " " + code.advice();
  }

  public ConcertException toException() {
    return retryAfterMs > 0
        ? ConcertException.retryAfter(code, message, retryAfterMs)
        : new ConcertException(code, message);
  }
}
