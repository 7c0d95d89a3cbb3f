package dev.concert.ensemble;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who may call, and how several nodes are held together.
 *
 * @param keysFile SQLite file of API keys and customers; empty: there are none
 * @param redis what nodes share their limits through; empty: this node is alone
 * @param secrets where keys of providers are kept that operators gave; empty: nowhere
 * @param adminKey opens the admin API, a secret; empty: there is none
 */
public record ControlOptions(
    Optional<Path> keysFile,
    Optional<SharedRedis> redis,
    Optional<String> adminKey,
    Optional<SecretOptions> secrets) {
  /** Nobody but agents and the keys of the configuration, on one node. */
  public static final ControlOptions NONE =
      new ControlOptions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  private static final int SHORTEST_ADMIN_KEY = 24;

  /** Anything else would end the name of a key in Redis, or be taken for its slot. */
  private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /**
   * A Redis that several nodes share.
   *
   * @param url for example {@code redis://:password@host:6379/0}; a secret
   * @param namespace nodes of one name share, others do not
   */
  public record SharedRedis(String url, String namespace) {
    @Override
    public String toString() {
      return "SharedRedis[namespace=" + namespace + "]";
    }
  }

  static ControlOptions read(ConfigSection section, Map<String, String> environment) {
    return new ControlOptions(
        section.optionalText("keysFile").map(Path::of),
        redis(section, environment),
        value(environment, "ENSEMBLE_ADMIN_KEY").map(ControlOptions::longEnough),
        section
            .optionalText("secretsFile")
            .map(file -> SecretOptions.of(Path.of(file), environment)));
  }

  public ControlOptions withKeysFile(Path file) {
    return new ControlOptions(Optional.of(file), redis, adminKey, secrets);
  }

  public ControlOptions withRedis(String url, String namespace) {
    return new ControlOptions(
        keysFile, Optional.of(new SharedRedis(url, namespace)), adminKey, secrets);
  }

  public ControlOptions withAdminKey(String key) {
    return new ControlOptions(keysFile, redis, Optional.of(longEnough(key)), secrets);
  }

  public ControlOptions withSecrets(SecretOptions kept) {
    return new ControlOptions(keysFile, redis, adminKey, Optional.of(kept));
  }

  @Override
  public String toString() {
    return "ControlOptions[keysFile=%s, redis=%s, admin=%s]"
        .formatted(keysFile, redis, adminKey.isPresent());
  }

  /** It opens everything: a short one could be tried out. */
  private static String longEnough(String key) {
    if (key.length() < SHORTEST_ADMIN_KEY) {
      throw new IllegalArgumentException(
          "ENSEMBLE_ADMIN_KEY must have at least %d characters, such as those of 'openssl rand -hex 32'."
              .formatted(SHORTEST_ADMIN_KEY));
    }
    return key;
  }

  private static Optional<SharedRedis> redis(
      ConfigSection section, Map<String, String> environment) {
    Optional<String> url = section.optionalText("redisUrl");
    Optional<String> name = section.optionalText("redisNamespace");
    String namespace =
        value(environment, "REDIS_NAMESPACE")
            .or(() -> value(environment, "ENSEMBLE_ENVIRONMENT"))
            .or(() -> name)
            .orElse("default");
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw section.wrong(
          "redisNamespace", "must be 1 to 64 letters, digits, dots, dashes and underscores");
    }
    return value(environment, "ENSEMBLE_REDIS_URL")
        .or(() -> url)
        .map(address -> new SharedRedis(checked(section, address), namespace));
  }

  private static String checked(ConfigSection section, String url) {
    try {
      URI uri = URI.create(url);
      if (("redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme()))
          && uri.getHost() != null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // The message of the exception has the password in it; ours is below.
    }
    throw section.wrong("redisUrl", "must be a URL such as redis://:password@host:6379/0");
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }
}
