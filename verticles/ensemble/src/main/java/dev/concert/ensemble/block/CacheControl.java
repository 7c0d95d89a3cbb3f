package dev.concert.ensemble.block;

/**
 * A mark up to which the provider shall keep the prompt in its cache. Providers that cache by
 * themselves take no notice of it.
 *
 * @param type always {@code ephemeral}
 * @param ttl {@code 5m} or {@code 1h}; null: the provider's default
 */
public record CacheControl(String type, String ttl) {
  public static final CacheControl EPHEMERAL = new CacheControl("ephemeral", null);
}
