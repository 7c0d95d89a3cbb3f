package dev.concert.error;

/**
 * A failure with a code that every edge can show.
 *
 * <p>The message is safe to show to a client: no path of the host, no secret, no class name. What
 * only an operator may see goes into the cause. Below status 500 no stack trace is taken: such a
 * failure is an answer, not a defect.
 */
public final class ConcertException extends RuntimeException {
  private final transient ErrorCode code;
  private final long retryAfterMs;

  public ConcertException(ErrorCode code, String message) {
    this(code, message, null, 0);
  }

  public ConcertException(ErrorCode code, String message, Throwable cause) {
    this(code, message, cause, 0);
  }

  private ConcertException(ErrorCode code, String message, Throwable cause, long retryAfterMs) {
    super(message, cause, false, code.httpStatus() >= 500);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  /** A refusal that ends by itself after {@code retryAfterMs} milliseconds. */
  public static ConcertException retryAfter(ErrorCode code, String message, long retryAfterMs) {
    return new ConcertException(code, message, null, retryAfterMs);
  }

  public ErrorCode code() {
    return code;
  }

  /** Milliseconds to wait before trying again; 0 when waiting is not the answer. */
  public long retryAfterMs() {
    return retryAfterMs;
  }

  /** This failure as it is shown at an edge. */
  public Problem problem() {
    return new Problem(code, getMessage(), retryAfterMs);
  }
}
