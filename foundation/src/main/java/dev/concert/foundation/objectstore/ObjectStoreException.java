package dev.concert.foundation.objectstore;

/** The object store refused, failed, or did not answer. The message names no secret. */
public final class ObjectStoreException extends RuntimeException {
  ObjectStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
