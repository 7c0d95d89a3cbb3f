package dev.concert.foundation.openid;

/**
 * The issuer does not do what it should. The message completes "The issuer does not answer as it
 * should: " and holds nothing that the issuer sent.
 */
final class IssuerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean refusal;

  IssuerException(String message) {
    this(message, false);
  }

  private IssuerException(String message, boolean refusal) {
    super(message, null, false, false);
    this.refusal = refusal;
  }

  static IssuerException ofStatus(int status) {
    return new IssuerException(
        "it answers with status " + status, status == 400 || status == 401 || status == 403);
  }

  /** The issuer works, and refuses what it was asked for. */
  boolean isRefusal() {
    return refusal;
  }
}
