package dev.concert.ensemble.config;

import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.openid.OpenIdOptions;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.foundation.redis.RedisUrl;
import dev.concert.foundation.secret.SecretOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Configures API keys, the admin key, stored provider keys, and the Redis that nodes share.
 *
 * @param keysFile SQLite file of API keys and customers; empty: no API keys
 * @param redis shared by the nodes for their limits; empty: a single node
 * @param secrets stores provider keys that operators set; empty: none can be stored
 * @param adminKey authenticates the admin API, a secret; empty: no admin API
 * @param signIn of operators, beside the admin key; empty: none
 * @param origins of web pages that may call Ensemble; {@code *} for all
 */
public record AccessControlOptions(
    Optional<Path> keysFile,
    Optional<SharedRedis> redis,
    Optional<String> adminKey,
    Optional<SecretOptions> secrets,
    List<String> origins,
    Optional<OperatorSignInOptions> signIn) {
  /** A single node that serves agents and the keys of the configuration only. */
  public static final AccessControlOptions NONE =
      new AccessControlOptions(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Optional.empty());

  private static final int SHORTEST_ADMIN_KEY = 24;

  /** Other characters would end the name of a Redis key or change its slot. */
  private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /**
   * The Redis that several nodes share.
   *
   * @param url for example {@code redis://:password@host:6379/0}; a secret
   * @param namespace nodes with the same namespace share their limits
   */
  public record SharedRedis(String url, String namespace) {
    @Override
    public String toString() {
      return "SharedRedis[namespace=" + namespace + "]";
    }
  }

  static AccessControlOptions read(ConfigReader section, Map<String, String> environment) {
    Optional<String> adminKey =
        value(environment, "ENSEMBLE_ADMIN_KEY").map(AccessControlOptions::longEnough);
    return new AccessControlOptions(
        section.optionalPath("keysFile"),
        redis(section, environment),
        adminKey,
        section
            .optionalPath("secretsFile")
            .map(file -> SecretOptions.of(file, environment, "ENSEMBLE_MASTER_KEY")),
        section.texts("origins").stream().map(origin -> checkedOrigin(section, origin)).toList(),
        signIn(section.section("signIn"), adminKey, environment));
  }

  public AccessControlOptions withKeysFile(Path file) {
    return new AccessControlOptions(Optional.of(file), redis, adminKey, secrets, origins, signIn);
  }

  public AccessControlOptions withRedis(String url, String namespace) {
    return new AccessControlOptions(
        keysFile, Optional.of(new SharedRedis(url, namespace)), adminKey, secrets, origins, signIn);
  }

  public AccessControlOptions withAdminKey(String key) {
    return new AccessControlOptions(
        keysFile, redis, Optional.of(longEnough(key)), secrets, origins, signIn);
  }

  public AccessControlOptions withSecrets(SecretOptions kept) {
    return new AccessControlOptions(keysFile, redis, adminKey, Optional.of(kept), origins, signIn);
  }

  public AccessControlOptions withOrigins(List<String> pages) {
    return new AccessControlOptions(keysFile, redis, adminKey, secrets, List.copyOf(pages), signIn);
  }

  private static Optional<OperatorSignInOptions> signIn(
      ConfigReader section, Optional<String> adminKey, Map<String, String> environment) {
    Optional<OperatorSignInOptions> signIn =
        section
            .optionalUrl("issuer")
            .map(
                issuer ->
                    new OperatorSignInOptions(
                        OpenIdOptions.ofPage(
                            issuer,
                            section.text("clientId"),
                            value(environment, "ENSEMBLE_SIGN_IN_SECRET"),
                            OutboundProxies.of(environment)),
                        section.text("claim", "groups"),
                        Set.copyOf(section.texts("values"))));
    section.refuseUnknown();
    if (signIn.isPresent() && signIn.get().values().isEmpty()) {
      throw section.wrong("values", "must name at least one value: who has it is an operator");
    }
    if (signIn.isPresent() && adminKey.isEmpty()) {
      throw section.wrong(
          "issuer", "needs a key in ENSEMBLE_ADMIN_KEY, by which the sign-ins are signed");
    }
    return signIn;
  }

  @Override
  public String toString() {
    return "AccessControlOptions[keysFile=%s, redis=%s, admin=%s]"
        .formatted(keysFile, redis, adminKey.isPresent());
  }

  /** It grants everything, so it must be too long to guess. */
  private static String longEnough(String key) {
    if (key.length() < SHORTEST_ADMIN_KEY) {
      throw new IllegalArgumentException(
          "ENSEMBLE_ADMIN_KEY must have at least %d characters, such as those of 'openssl rand -hex 32'."
              .formatted(SHORTEST_ADMIN_KEY));
    }
    return key;
  }

  private static Optional<SharedRedis> redis(
      ConfigReader section, Map<String, String> environment) {
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
        .map(address -> new SharedRedis(RedisUrl.checked(section, "redisUrl", address), namespace));
  }

  private static String checkedOrigin(ConfigReader section, String origin) {
    if (origin.equals("*") || origin.matches("https?://[^/?#\\s]+")) {
      return origin;
    }
    throw section.wrong("origins", "must be '*', or origins such as https://app.example");
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }
}
