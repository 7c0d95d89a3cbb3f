package dev.concert.github.api;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;

/** A call to a forge failed, or its result is unknown. */
public final class ForgeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is known of the call. */
  public enum Kind {
    /** It is not done, and would not be if it were made again. */
    REFUSED,
    /** It is not done; later it may be. */
    LIMITED,
    /** It did not reach the forge. */
    UNREACHED,
    /** Nobody knows whether it is done. */
    UNKNOWN
  }

  private final Kind kind;
  private final int status;
  private final ErrorCode code;

  private ForgeException(Kind kind, int status, ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.kind = kind;
    this.status = status;
  }

  /** The forge said no, with these words. */
  static ForgeException refused(ForgeTerms forge, int status, String words) {
    ErrorCode code = status == 404 ? ErrorCode.BRIDGE_NOT_FOUND : ErrorCode.INVALID_MESSAGE;
    return new ForgeException(
        Kind.REFUSED,
        status,
        code,
        "%s refused it with status %d: %s".formatted(forge.title(), status, words),
        null);
  }

  static ForgeException limited(ForgeTerms forge) {
    return new ForgeException(
        Kind.LIMITED,
        429,
        ErrorCode.RATE_LIMITED,
        "%s takes no more calls of this connection at the moment. Try again later."
            .formatted(forge.title()),
        null);
  }

  static ForgeException unreached(ForgeTerms forge, Throwable cause) {
    return new ForgeException(
        Kind.UNREACHED,
        0,
        ErrorCode.BRIDGES_UNAVAILABLE,
        "%s cannot be reached. Look at the key %s and at the network."
            .formatted(forge.title(), forge.key()),
        cause);
  }

  static ForgeException unknown(ForgeTerms forge, int status, Throwable cause) {
    return new ForgeException(
        Kind.UNKNOWN,
        status,
        ErrorCode.BRIDGES_UNAVAILABLE,
        "%s did not answer as expected. Look at %s.".formatted(forge.title(), forge.lookAt()),
        cause);
  }

  /** The same failure at an edge of Concert. */
  public ConcertException toConcert() {
    return new ConcertException(code, getMessage(), this);
  }

  /** A failure as it is at an edge of Concert. */
  public static Throwable atEdge(Throwable failure) {
    return failure instanceof ForgeException known ? known.toConcert() : failure;
  }

  public Kind kind() {
    return kind;
  }

  /** The forge's HTTP status; 0 if there is none. */
  public int status() {
    return status;
  }

  /** Whether the failure is a refusal with this status. */
  public static boolean is(Throwable failure, int status) {
    return failure instanceof ForgeException refused
        && refused.kind == Kind.REFUSED
        && refused.status == status;
  }
}
