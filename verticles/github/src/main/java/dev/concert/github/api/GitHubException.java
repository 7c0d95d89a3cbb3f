package dev.concert.github.api;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;

/** A call that GitHub did not carry out, or of which nobody knows. */
public final class GitHubException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is known of the call. */
  public enum Kind {
    /** It is not done, and would not be if it were made again. */
    REFUSED,
    /** It is not done; later it may be. */
    LIMITED,
    /** It did not reach GitHub. */
    UNREACHED,
    /** Nobody knows whether it is done. */
    UNKNOWN
  }

  private final Kind kind;
  private final int status;
  private final ErrorCode code;

  private GitHubException(Kind kind, int status, ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.kind = kind;
    this.status = status;
  }

  /** GitHub said no, with these words. */
  static GitHubException refused(int status, String words) {
    ErrorCode code = status == 404 ? ErrorCode.BRIDGE_NOT_FOUND : ErrorCode.INVALID_MESSAGE;
    return new GitHubException(
        Kind.REFUSED,
        status,
        code,
        "GitHub refused it with status %d: %s".formatted(status, words),
        null);
  }

  static GitHubException limited() {
    return new GitHubException(
        Kind.LIMITED,
        429,
        ErrorCode.RATE_LIMITED,
        "GitHub takes no more calls of this App at the moment. Try again later.",
        null);
  }

  static GitHubException unreached(Throwable cause) {
    return new GitHubException(
        Kind.UNREACHED,
        0,
        ErrorCode.BRIDGES_UNAVAILABLE,
        "GitHub cannot be reached. Look at the key github.apiUrl and at the network.",
        cause);
  }

  static GitHubException unknown(int status, Throwable cause) {
    return new GitHubException(
        Kind.UNKNOWN,
        status,
        ErrorCode.BRIDGES_UNAVAILABLE,
        "GitHub did not answer as expected. Look at https://www.githubstatus.com.",
        cause);
  }

  /** The same failure at an edge of Concert. */
  public ConcertException toConcert() {
    return new ConcertException(code, getMessage(), this);
  }

  /** A failure as it is at an edge of Concert. */
  public static Throwable atEdge(Throwable failure) {
    return failure instanceof GitHubException known ? known.toConcert() : failure;
  }

  public Kind kind() {
    return kind;
  }

  /** GitHub's HTTP status; 0 where there is none. */
  public int status() {
    return status;
  }

  /** Whether the failure is a refusal with this status. */
  public static boolean is(Throwable failure, int status) {
    return failure instanceof GitHubException refused
        && refused.kind == Kind.REFUSED
        && refused.status == status;
  }
}
