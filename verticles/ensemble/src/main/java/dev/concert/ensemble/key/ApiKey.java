package dev.concert.ensemble.key;

import java.time.Instant;

/**
 * A key that was given out; the key itself is not known here.
 *
 * @param prefix its first characters, by which people tell keys apart
 */
public record ApiKey(
    String id,
    String customerId,
    String prefix,
    KeySettings settings,
    Status status,
    Instant createdAt) {

  /** Whether it opens anything. */
  public enum Status {
    ENABLED,
    DISABLED,
    /** For ever. */
    REVOKED
  }
}
