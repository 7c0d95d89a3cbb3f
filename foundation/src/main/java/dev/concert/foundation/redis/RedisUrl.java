package dev.concert.foundation.redis;

import dev.concert.foundation.config.ConfigReader;
import java.net.URI;

/** Checks the address of a Redis. It may hold a password, so no message repeats it. */
public final class RedisUrl {
  private RedisUrl() {}

  /**
   * Returns the address as it is.
   *
   * @param key of the setting that the failure names
   * @throws dev.concert.foundation.config.ConfigException where it is none
   */
  public static String checked(ConfigReader section, String key, String url) {
    try {
      URI uri = URI.create(url);
      if (("redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme()))
          && uri.getHost() != null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // The exception's message may contain the password; the message below does not.
    }
    throw section.wrong(key, "must be a URL such as redis://:password@host:6379/0");
  }
}
