package dev.concert.platform;

/** The platform cannot start. The message says why and what to do. */
public final class PlatformException extends RuntimeException {
  public PlatformException(String message) {
    super(message, null, false, false);
  }

  PlatformException(String message, Throwable cause) {
    super(message, cause);
  }
}
