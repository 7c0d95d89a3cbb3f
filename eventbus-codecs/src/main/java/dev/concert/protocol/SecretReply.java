package dev.concert.protocol;

/**
 * A reply that can hold a secret, which is shown once. One that does is never stored, and not
 * compressed over HTTP.
 */
public interface SecretReply {

  default boolean hasSecret() {
    return true;
  }
}
