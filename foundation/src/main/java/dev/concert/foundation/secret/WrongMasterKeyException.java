package dev.concert.foundation.secret;

/** The secrets of a store were encrypted with another master key than the one that was given. */
public final class WrongMasterKeyException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  WrongMasterKeyException(String message) {
    super(message);
  }
}
