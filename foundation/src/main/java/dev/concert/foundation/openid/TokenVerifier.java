package dev.concert.foundation.openid;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Verifies access tokens. One that was verified is not verified again for five minutes, as long as
 * it is valid and the issuer's keys stay the same. Thread-safe; futures may complete on any thread.
 */
public final class TokenVerifier {
  /** Characters. */
  private static final int MAX_TOKEN = 16 << 10;

  private static final int MAX_CACHED = 10_000;
  private static final Duration MAX_CACHED_FOR = Duration.ofMinutes(5);

  /** Of the year 9999: what is later is as good as never. */
  private static final long LAST_SECOND = 253_402_300_799L;

  private final OpenIdOptions options;
  private final IssuerKeys keys;
  private final InstantSource clock;
  private final Predicate<String> isTenant;
  private final Cache<String, Verified> verified;

  /** What a token said, and the keys that were in force then. */
  private record Verified(TokenClaims claims, Optional<KeySet> by) {}

  /**
   * @param isTenant whether a text may be the id of a tenant
   */
  public TokenVerifier(
      Vertx vertx, OpenIdOptions options, IssuerClient issuer, Predicate<String> isTenant) {
    this(
        options,
        new IssuerKeys(vertx, issuer, options.algorithms(), InstantSource.system()),
        isTenant,
        InstantSource.system());
  }

  TokenVerifier(
      OpenIdOptions options, IssuerKeys keys, Predicate<String> isTenant, InstantSource clock) {
    this.isTenant = isTenant;
    this.options = options;
    this.keys = keys;
    this.clock = clock;
    this.verified =
        Caffeine.newBuilder()
            .maximumSize(MAX_CACHED)
            .expireAfterWrite(MAX_CACHED_FOR)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .build();
  }

  /**
   * What a valid access token says. Fails with {@code AUTH_FAILED} for any other, and with {@code
   * ISSUER_UNAVAILABLE} where the issuer's keys are not known and cannot be had.
   */
  public Future<TokenClaims> verify(String token) {
    String hash = hash(token);
    Verified known = verified.getIfPresent(hash);
    if (known != null && known.by().equals(keys.current()) && !isOver(known.claims().expiresAt())) {
      return Future.succeededFuture(known.claims());
    }
    verified.invalidate(hash);
    return claims(token, options.audience())
        .map(
            claims -> {
              TokenClaims read = read(claims);
              verified.put(hash, new Verified(read, keys.current()));
              return read;
            });
  }

  /**
   * The claims of a token that this issuer signed for this audience and that is valid now: an
   * access token, or the ID token of a sign-in. Fails as {@link #verify} does.
   *
   * @param audience empty for any
   */
  public Future<JsonObject> claims(String token, Optional<String> audience) {
    if (token.length() > MAX_TOKEN) {
      return refused("The token is longer than " + MAX_TOKEN + " characters.");
    }
    JwtHeader header;
    try {
      header = JwtHeader.of(token, options.algorithms());
    } catch (ConcertException e) {
      return Future.failedFuture(e);
    }
    return keys.verifier(header)
        .compose(verifier -> signed(verifier, token))
        .compose(
            claims ->
                refusal(claims, audience)
                    .map(TokenVerifier::<JsonObject>refused)
                    .orElseGet(() -> Future.succeededFuture(claims)));
  }

  private static Future<JsonObject> signed(JWTAuth verifier, String token) {
    Future<User> user;
    try {
      user = verifier.authenticate(new TokenCredentials(token));
    } catch (ClassCastException e) {
      // Vert.x looks at exp, iat and nbf even where it does not decide by them.
      return refused("The token has a time that is not a number.");
    }
    return user.map(of -> of.attributes().getJsonObject("accessToken"))
        // The cause may hold parts of the token.
        .recover(_ -> refused("The signature of the token is wrong."));
  }

  private Optional<String> refusal(JsonObject claims, Optional<String> audience) {
    if (!(claims.getValue("iss") instanceof String issuer) || !options.isIssuer(issuer)) {
      return Optional.of("The token comes from another issuer.");
    }
    if (audience.isPresent() && !isFor(claims.getValue("aud"), audience.get())) {
      return Optional.of("The token is for another audience.");
    }
    Optional<Instant> notBefore = time(claims, "nbf");
    if (notBefore
        .filter(from -> from.isAfter(clock.instant().plus(options.clockSkew())))
        .isPresent()) {
      return Optional.of("The token is not valid yet.");
    }
    Optional<Instant> expiry = time(claims, "exp");
    if (claims.containsKey("exp") && expiry.isEmpty()
        || claims.containsKey("nbf") && notBefore.isEmpty()) {
      return Optional.of("The token names no time until which it is valid.");
    }
    return isOver(expiry) ? Optional.of("The token has expired.") : Optional.empty();
  }

  private static boolean isFor(Object named, String audience) {
    return switch (named) {
      case String one -> one.equals(audience);
      case JsonArray several -> several.contains(audience);
      case null, default -> false;
    };
  }

  private static Optional<Instant> time(JsonObject claims, String claim) {
    return claims.getValue(claim) instanceof Number seconds && seconds.longValue() >= 0
        ? Optional.of(Instant.ofEpochSecond(Math.min(seconds.longValue(), LAST_SECOND)))
        : Optional.empty();
  }

  /** Whether the time has passed, on every clock that may differ from ours by the skew. */
  private boolean isOver(Optional<Instant> expiresAt) {
    return expiresAt
        .filter(at -> !clock.instant().isBefore(at.plus(options.clockSkew())))
        .isPresent();
  }

  private TokenClaims read(JsonObject claims) {
    String subject = text(claims, "sub").orElseThrow(() -> failure("The token names no subject."));
    String tenant =
        text(claims, options.tenantClaim())
            .filter(isTenant)
            .orElseThrow(
                () ->
                    failure(
                        "The token names no tenant in its claim '%s'."
                            .formatted(options.tenantClaim())));
    return new TokenClaims(
        text(claims, "iss").orElseThrow(),
        subject,
        text(claims, "email"),
        Boolean.TRUE.equals(claims.getValue("email_verified")),
        tenant,
        time(claims, "exp"));
  }

  private static Optional<String> text(JsonObject claims, String claim) {
    return claims.getValue(claim) instanceof String text && !text.isBlank()
        ? Optional.of(text)
        : Optional.empty();
  }

  private static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static <T> Future<T> refused(String message) {
    return Future.failedFuture(failure(message));
  }

  private static ConcertException failure(String message) {
    return new ConcertException(ErrorCode.AUTH_FAILED, message);
  }
}
