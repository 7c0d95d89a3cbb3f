package dev.concert.ensemble.key;

/**
 * A key at the only moment it can be read.
 *
 * @param secret what its holder sends; not kept anywhere
 */
public record NewKey(String secret, ApiKey key) {
  @Override
  public String toString() {
    return "NewKey[" + key.id() + "]";
  }
}
