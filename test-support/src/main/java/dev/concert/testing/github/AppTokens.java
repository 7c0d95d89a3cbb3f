package dev.concert.testing.github;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The App's key, and the tokens of its installation. */
final class AppTokens {
  private static final KeyPair KEY = newKey();

  /**
   * What a token may do.
   *
   * @param repositories names; empty for all of the installation
   */
  record Grant(Set<String> repositories, Map<String, String> permissions, Instant expires) {
    boolean allows(String repository, String permission, boolean toWrite) {
      String level = permissions.getOrDefault(permission, "");
      return (repositories.isEmpty() || repositories.contains(repository))
          && (level.equals("write") || level.equals("admin") || !toWrite && level.equals("read"));
    }
  }

  private final long appId;
  private final InstantSource clock;
  private final Map<String, Grant> grants = new HashMap<>();
  private final List<String> issued = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private int number;

  AppTokens(long appId, InstantSource clock) {
    this.appId = appId;
    this.clock = clock;
  }

  private static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** As GitHub gives it, PKCS 1. */
  static String privateKey() {
    byte[] pkcs8 = KEY.getPrivate().getEncoded();
    // Version, algorithm and the head of the octet string come before the key.
    byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
    return "-----BEGIN RSA PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pkcs1)
        + "\n-----END RSA PRIVATE KEY-----\n";
  }

  /** What is wrong with the token of an App; empty where nothing is. */
  Optional<String> fault(String jwt) {
    String[] parts = jwt.split("\\.");
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(KEY.getPublic());
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      if (parts.length != 3 || !signature.verify(Base64.getUrlDecoder().decode(parts[2]))) {
        return Optional.of("A JSON web token could not be decoded");
      }
    } catch (GeneralSecurityException | RuntimeException e) {
      return Optional.of("A JSON web token could not be decoded");
    }
    JsonObject claims =
        new JsonObject(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
    long now = clock.instant().getEpochSecond();
    long expires = claims.getLong("exp", 0L);
    if (claims.getLong("iat", Long.MAX_VALUE) > now) {
      return Optional.of(
          "'Issued at' claim ('iat') must be an Integer representing the time that the assertion"
              + " was issued");
    }
    if (expires > now + 600) {
      return Optional.of("'Expiration time' claim ('exp') is too far in the future");
    }
    if (expires <= now) {
      return Optional.of(
          "'Expiration time' claim ('exp') must be a numeric value representing the future time at"
              + " which the assertion expires");
    }
    return claims.getValue("iss").toString().equals(Long.toString(appId))
        ? Optional.empty()
        : Optional.of("Integration not found");
  }

  /** A new token of the installation. */
  JsonObject issue(JsonObject wanted, Set<String> all, Map<String, String> most) {
    Set<String> repositories = new HashSet<>();
    wanted
        .getJsonArray("repositories", new JsonArray())
        .forEach(name -> repositories.add(name.toString()));
    Map<String, String> permissions = new HashMap<>();
    wanted
        .getJsonObject("permissions", new JsonObject())
        .forEach(one -> permissions.put(one.getKey(), one.getValue().toString()));
    Grant grant =
        new Grant(
            repositories.isEmpty() ? all : repositories,
            permissions.isEmpty() ? most : permissions,
            clock.instant().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS));
    String token = "ghs_" + appId + "_played" + "%036d".formatted(++number);
    grants.put(token, grant);
    asked.add(new TreeSet<>(grant.repositories()) + " " + new TreeMap<>(permissions));
    issued.add(token);
    JsonObject shown = new JsonObject();
    grant.permissions().forEach(shown::put);
    return new JsonObject()
        .put("token", token)
        .put("expires_at", grant.expires().toString())
        .put("permissions", shown)
        .put("repository_selection", repositories.isEmpty() ? "all" : "selected");
  }

  Optional<Grant> find(String token) {
    return Optional.ofNullable(grants.get(token))
        .filter(grant -> grant.expires().isAfter(clock.instant()));
  }

  /** All that were ever issued. */
  List<String> issued() {
    return List.copyOf(issued);
  }

  List<String> asked() {
    return List.copyOf(asked);
  }

  /** A repository has another name; a token that was for it still is. */
  void rename(String from, String to) {
    grants.replaceAll(
        (_, grant) -> {
          if (!grant.repositories().contains(from)) {
            return grant;
          }
          Set<String> names = new HashSet<>(grant.repositories());
          names.remove(from);
          names.add(to);
          return new Grant(names, grant.permissions(), grant.expires());
        });
  }

  /** What issued tokens may do, such as {@code contents:write}. */
  Set<String> permissions() {
    Set<String> all = new HashSet<>();
    grants
        .values()
        .forEach(
            grant -> grant.permissions().forEach((name, level) -> all.add(name + ":" + level)));
    return all;
  }

  void revokeAll() {
    grants.clear();
  }
}
