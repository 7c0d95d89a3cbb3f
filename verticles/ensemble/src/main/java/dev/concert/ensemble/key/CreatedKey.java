package dev.concert.ensemble.key;

/**
 * A new key with its secret, which cannot be read again.
 *
 * @param secret what the client sends as its bearer token; not stored
 */
public record CreatedKey(String secret, ApiKey key) {
  @Override
  public String toString() {
    return "CreatedKey[" + key.id() + "]";
  }
}
