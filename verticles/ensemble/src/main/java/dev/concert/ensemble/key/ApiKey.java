package dev.concert.ensemble.key;

import java.time.Instant;

/**
 * An issued API key, without its secret.
 *
 * @param prefix the first characters of the secret, by which people tell keys apart
 */
public record ApiKey(
    String id,
    String customerId,
    String prefix,
    KeySettings settings,
    Status status,
    Instant createdAt) {

  /** The same key with other settings. */
  ApiKey with(KeySettings other) {
    return new ApiKey(id, customerId, prefix, other, status, createdAt);
  }

  /** Whether the key may be used. */
  public enum Status {
    ENABLED,
    DISABLED,
    /** Permanent. */
    REVOKED
  }
}
