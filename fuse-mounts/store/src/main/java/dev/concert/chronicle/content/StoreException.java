package dev.concert.chronicle.content;

/** The content store could not be written or read, or holds damaged content. */
public final class StoreException extends RuntimeException {
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
