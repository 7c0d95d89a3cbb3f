package dev.concert.error;

/**
 * A failure with a code that every edge can show.
 *
 * <p>The message is safe to show to a client: no path of the host, no secret, no class name. What
 * only an operator may see goes into the cause. Below status 500 no stack trace is taken: such a
 * failure is an answer, not a defect.
 */
public final class ConcertException extends RuntimeException {
  private final transient Problem problem;

  public ConcertException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public ConcertException(ErrorCode code, String message, Throwable cause) {
    this(new Problem(code, message), cause);
  }

  ConcertException(Problem problem, Throwable cause) {
    super(problem.message(), cause, false, problem.code().httpStatus() >= 500);
    this.problem = problem;
  }

  /** A refusal that ends by itself after {@code retryAfterMs} milliseconds. */
  public static ConcertException retryAfter(ErrorCode code, String message, long retryAfterMs) {
    return retryAfter(code, message, retryAfterMs, null);
  }

  /** The same with what only an operator may see. */
  public static ConcertException retryAfter(
      ErrorCode code, String message, long retryAfterMs, Throwable cause) {
    return new ConcertException(new Problem(code, message, retryAfterMs), cause);
  }

  /** The same failure as one of this service. */
  public ConcertException from(String service) {
    return new ConcertException(problem.from(service), getCause());
  }

  public ErrorCode code() {
    return problem.code();
  }

  /** Milliseconds to wait before trying again; 0 when waiting is not the answer. */
  public long retryAfterMs() {
    return problem.retryAfterMs();
  }

  /** Name of the service that failed; empty where it is this one. */
  public String service() {
    return problem.service();
  }

  /** This failure as it is shown at an edge. */
  public Problem problem() {
    return problem;
  }
}
