package dev.concert.foundation.lease;

import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.redis.RedisUrl;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Which lease nodes use: files of one machine, or the Redis that they share.
 *
 * @param redisUrl a secret; empty: the processes of one machine
 * @param namespace nodes with the same namespace are rivals
 * @param length of a term in Redis
 */
public record LeaseOptions(Optional<String> redisUrl, String namespace, Duration length) {
  /** Among the processes of one machine. */
  public static final LeaseOptions FILES =
      new LeaseOptions(Optional.empty(), "default", RedisLease.LENGTH);

  private static final String VARIABLE = "CONCERT_REDIS_URL";
  private static final Duration SHORTEST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /**
   * Reads {@code redisUrl}, {@code namespace} and {@code termMs}. The variable {@code
   * CONCERT_REDIS_URL} goes before the file.
   *
   * @param section {@code lease} of a service
   * @throws dev.concert.foundation.config.ConfigException with a sentence that names the wrong key
   */
  public static LeaseOptions from(ConfigReader section, Map<String, String> environment) {
    Optional<String> inFile = section.optionalText("redisUrl");
    Optional<String> url =
        Optional.ofNullable(environment.get(VARIABLE))
            .filter(text -> !text.isBlank())
            .or(() -> inFile)
            .map(text -> RedisUrl.checked(section, "redisUrl", text));
    String namespace = section.text("namespace", "default");
    if (!namespace.matches("[A-Za-z0-9._-]{1,64}")) {
      throw section.wrong(
          "namespace", "must be 1 to 64 letters, digits, dots, dashes and underscores");
    }
    LeaseOptions options =
        new LeaseOptions(
            url, namespace, section.millis("termMs", SHORTEST, LONGEST, RedisLease.LENGTH));
    section.refuseUnknown();
    return options;
  }

  /**
   * Opens it on the context of the caller.
   *
   * @param folder of the lock files, where no Redis is named
   * @param node the name of this node
   */
  public Lease open(Vertx vertx, Path folder, String node) {
    return redisUrl
        .<Lease>map(url -> new RedisLease(vertx, url, namespace, node, length))
        .orElseGet(() -> new FileLease(folder, node));
  }

  /** Without the address, which may hold a password. */
  @Override
  public String toString() {
    return "LeaseOptions[redis=%s, namespace=%s]".formatted(redisUrl.isPresent(), namespace);
  }
}
