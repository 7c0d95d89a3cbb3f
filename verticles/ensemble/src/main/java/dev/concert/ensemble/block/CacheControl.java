package dev.concert.ensemble.block;

/**
 * Marks the end of a prompt prefix that the provider should cache. Providers that cache
 * automatically ignore it.
 *
 * @param type always {@code ephemeral}
 * @param ttl {@code 5m} or {@code 1h}; null: the provider's default
 */
public record CacheControl(String type, String ttl) {
  public static final CacheControl EPHEMERAL = new CacheControl("ephemeral", null);
}
