package dev.concert.bridges.token;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The keys of an issuer, and the tokens that they signed. The keys are fetched with the first
 * token, when they are old, and for a token whose key is not among them: all such tokens share one
 * fetch, and those that come soon after it get none. While the issuer does not answer, the keys of
 * before stay in force. On one context.
 */
public final class PublishedKeys {
  private static final Duration MAX_AGE = Duration.ofHours(6);
  private static final Duration MISS_PAUSE = Duration.ofSeconds(30);
  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final int MAX_TOKEN = 16 << 10;
  private static final int MAX_KEYS = 100;

  /** Of a key only this is used: its public half. */
  private static final List<String> PUBLIC = List.of("kty", "kid", "n", "e");

  private record Key(JsonObject published, JWTAuth verifier) {}

  private final Vertx vertx;
  private final Supplier<Future<JsonNode>> source;
  private final InstantSource clock;
  private Map<String, Key> keys = Map.of();
  private Instant fetchedAt = Instant.EPOCH;
  private Optional<Future<Void>> running = Optional.empty();

  /**
   * @param source fetches the key set (RFC 7517)
   */
  public PublishedKeys(Vertx vertx, Supplier<Future<JsonNode>> source, InstantSource clock) {
    this.vertx = vertx;
    this.source = source;
    this.clock = clock;
  }

  /**
   * Checks the signature of a token, and its times. Who asks checks the other claims. Fails where
   * the keys cannot be had.
   *
   * @param authorization the header with the token
   */
  public Future<TokenResult> check(String authorization) {
    if (!authorization.startsWith("Bearer ") || authorization.length() > MAX_TOKEN) {
      return wrong("there is no token");
    }
    String token = authorization.substring("Bearer ".length()).strip();
    JsonObject header = part(token, 0);
    if (!"RS256".equals(header.getValue("alg")) || !(header.getValue("kid") instanceof String id)) {
      return wrong("the token is not signed with RS256 and a named key");
    }
    return key(id)
        .compose(
            key ->
                key.map(one -> signed(one, token))
                    .orElseGet(() -> wrong("the key of the token is not published")));
  }

  /** The issuer that a token names, by which its keys are found; nothing of it is believed yet. */
  public static String namedIssuer(String authorization) {
    boolean isShort = authorization.length() <= MAX_TOKEN;
    return isShort && part(authorization, 1).getValue("iss") instanceof String issuer ? issuer : "";
  }

  private static JsonObject part(String token, int index) {
    String[] parts = token.split("\\.", 4);
    try {
      return parts.length == 3
          ? new JsonObject(
              new String(Base64.getUrlDecoder().decode(parts[index]), StandardCharsets.UTF_8))
          : new JsonObject();
    } catch (IllegalArgumentException | DecodeException e) {
      return new JsonObject();
    }
  }

  private Future<TokenResult> signed(Key key, String token) {
    try {
      return key.verifier()
          .authenticate(new TokenCredentials(token))
          .map(user -> times(user.attributes().getJsonObject("accessToken"), key))
          // The cause may hold parts of the token.
          .otherwise(_ -> new TokenResult.Wrong("the signature of the token is wrong"));
    } catch (ClassCastException e) {
      return wrong("the token has a time that is no number");
    }
  }

  private TokenResult times(JsonObject claims, Key key) {
    Instant now = clock.instant();
    if (!(claims.getValue("exp") instanceof Number ends)
        || !(claims.getValue("nbf", claims.getValue("iat", 0L)) instanceof Number begins)) {
      return new TokenResult.Wrong("the token has no time");
    }
    if (ends.doubleValue() + SKEW.toSeconds() <= now.getEpochSecond()) {
      return new TokenResult.Wrong("the token has expired");
    }
    return begins.doubleValue() - SKEW.toSeconds() > now.getEpochSecond()
        ? new TokenResult.Wrong("the token is of the future")
        : new TokenResult.Genuine(claims, key.published());
  }

  private Future<Optional<Key>> key(String id) {
    Optional<Key> known = Optional.ofNullable(keys.get(id));
    Duration age = Duration.between(fetchedAt, clock.instant());
    boolean isKnown = known.isPresent() && age.compareTo(MAX_AGE) < 0;
    boolean isJustMissed = !keys.isEmpty() && known.isEmpty() && age.compareTo(MISS_PAUSE) < 0;
    if (isKnown || isJustMissed) {
      return Future.succeededFuture(known);
    }
    return fetch()
        .map(_ -> Optional.ofNullable(keys.get(id)))
        .recover(
            failure ->
                known.isPresent() ? Future.succeededFuture(known) : Future.failedFuture(failure));
  }

  private Future<Void> fetch() {
    if (running.isEmpty()) {
      Future<Void> fetch =
          source
              .get()
              // The first key loads classes: not on an event loop.
              .compose(document -> vertx.executeBlocking(() -> read(document)))
              .map(
                  read -> {
                    keys = read;
                    fetchedAt = clock.instant();
                    return null;
                  });
      running = Optional.of(fetch);
      fetch.onComplete(_ -> running = Optional.empty());
    }
    return running.orElseGet(Future::succeededFuture);
  }

  private Map<String, Key> read(JsonNode document) {
    Map<String, Key> read = new HashMap<>();
    for (JsonNode one : document.path("keys")) {
      boolean isOurs =
          one.path("kty").asText().equals("RSA")
              && one.path("use").asText("sig").equals("sig")
              && one.hasNonNull("kid");
      if (isOurs && read.size() < MAX_KEYS) {
        read.put(one.path("kid").asText(), key(new JsonObject(one.toString())));
      }
    }
    if (read.isEmpty()) {
      throw new IllegalStateException("The issuer publishes no key");
    }
    return Map.copyOf(read);
  }

  private Key key(JsonObject published) {
    JsonObject jwk = new JsonObject().put("alg", "RS256").put("use", "sig");
    PUBLIC.forEach(member -> jwk.put(member, published.getValue(member)));
    JWTAuthOptions options = new JWTAuthOptions().addJwk(jwk);
    // They are checked here, with the clock of the bridges and its tolerance.
    options.getJWTOptions().setIgnoreExpiration(true);
    JWTAuth verifier = JWTAuth.create(vertx, options);
    // Loads what the JDK needs for a signature.
    verifier.authenticate(new TokenCredentials("eyJhbGciOiJSUzI1NiJ9.e30.AAAA"));
    return new Key(published, verifier);
  }

  private static Future<TokenResult> wrong(String reason) {
    return Future.succeededFuture(new TokenResult.Wrong(reason));
  }
}
