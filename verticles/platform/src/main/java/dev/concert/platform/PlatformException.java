package dev.concert.platform;

/** Why the platform does not start. The message is one clear sentence, and what to do. */
public final class PlatformException extends RuntimeException {
  public PlatformException(String message) {
    super(message, null, false, false);
  }

  PlatformException(String message, Throwable cause) {
    super(message, cause);
  }
}
