package dev.concert.gateway.idempotency;

/**
 * A write with its key.
 *
 * @param userId whose key it is: another user may use the same text
 * @param hash of everything that the request says
 * @param repeatable whether it does no harm to run it again after an interruption
 */
public record KeyedRequest(
    String tenantId, String userId, String key, String hash, boolean repeatable) {

  /** What tells one key from another. */
  record Id(String tenantId, String userId, String key) {}

  Id id() {
    return new Id(tenantId, userId, key);
  }
}
