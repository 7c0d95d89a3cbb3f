package dev.concert.foundation.openid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.testing.TestIssuer;
import dev.concert.testing.TestIssuer.Key;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which tokens are good, at an issuer that answers over the network. */
class TokenVerifierTest {
  private static Vertx vertx;
  private static TestIssuer issuer;
  private static TokenVerifier verifier;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    issuer = TestIssuer.start(vertx);
    verifier = verifier(OpenIdOptions.of(URI.create(issuer.url()), TestIssuer.AUDIENCE));
  }

  @AfterAll
  static void stop() {
    issuer.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static long now() {
    return Instant.now().getEpochSecond();
  }

  private static TokenVerifier verifier(OpenIdOptions options) {
    return new TokenVerifier(
        vertx,
        options,
        new IssuerClient(vertx, options, Duration.ofSeconds(5)),
        id -> !id.contains("/"));
  }

  private static TokenClaims verify(String token) {
    return verifier.verify(token).toCompletionStage().toCompletableFuture().join();
  }

  static ConcertException refusal(TokenVerifier by, String token) {
    try {
      by.verify(token).toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      return (ConcertException) e.getCause();
    }
    throw new AssertionError("The token is accepted");
  }

  @Test
  void aValidTokenSaysWhoItsBearerIs() {
    TokenClaims claims = verify(issuer.token("ada", "acme"));

    assertThat(claims.issuer()).isEqualTo(issuer.url());
    assertThat(claims.subject()).isEqualTo("ada");
    assertThat(claims.tenantId()).isEqualTo("acme");
    assertThat(claims.email()).contains("ada@example.com");
    assertThat(claims.emailVerified()).isTrue();
    assertThat(claims.expiresAt()).isPresent();
  }

  /** Tokens that somebody may bring, and what they are told. */
  enum Bad {
    EMPTY((_, _) -> "", "is not a JWT"),
    WORDS((_, _) -> "let me in", "is not a JWT"),
    NO_JSON((_, _) -> "e30x.e30x.e30x", "is not a JWT"),
    FIVE_PARTS((claims, key) -> TestIssuer.token(claims, key) + ".a.b", "is not a JWT"),
    TOO_LONG((_, _) -> "a".repeat(20_000), "longer than"),
    NO_SIGNATURE((claims, key) -> cut(TestIssuer.token(claims, key)), "is not signed"),
    ALGORITHM_NONE((claims, _) -> none("none", claims), "must be signed with RS256"),
    ALGORITHM_NONE_IN_CAPITALS((claims, _) -> none("nOnE", claims), "must be signed with RS256"),
    NO_ALGORITHM(
        (claims, key) -> TestIssuer.token(new JsonObject().put("kid", key.id()), claims, key),
        "must be signed with RS256"),
    HS256_WITH_THE_PUBLIC_KEY(Bad::sharedSecret, "must be signed with RS256"),
    RS384_THAT_IS_NOT_CONFIGURED(
        (claims, key) -> TestIssuer.token(header("RS384", key.id()), claims, key),
        "must be signed with RS256"),
    FORGED(
        (claims, key) -> TestIssuer.token(claims, Key.rsa(key.id())),
        "signature of the token is wrong"),
    CHANGED(
        (claims, key) -> changed(TestIssuer.token(claims, key)), "signature of the token is wrong"),
    SIGNATURE_OF_ANOTHER_TOKEN(
        (claims, key) -> {
          String other = TestIssuer.token(claims.copy().put("sub", "eve"), key);
          return cut(TestIssuer.token(claims, key)) + other.substring(other.lastIndexOf('.') + 1);
        },
        "signature of the token is wrong"),
    SHORT_SIGNATURE(
        (claims, key) -> cut(TestIssuer.token(claims, key)) + "AAAA",
        "signature of the token is wrong"),
    UNKNOWN_KEY(
        (claims, _) -> TestIssuer.token(claims, Key.rsa("another")),
        "a key that its issuer does not publish"),
    KEY_IN_THE_TOKEN(
        (claims, _) -> {
          Key own = Key.rsa("mine");
          return TestIssuer.token(header("RS256", "mine").put("jwk", own.jwk()), claims, own);
        },
        "a key that its issuer does not publish"),
    UNKNOWN_EXTENSION(
        (claims, key) ->
            TestIssuer.token(
                header("RS256", key.id()).put("crit", new JsonArray().add("b64")).put("b64", false),
                claims,
                key),
        "extensions that this server does not know"),
    OTHER_ISSUER(
        (claims, key) -> TestIssuer.token(claims.put("iss", "https://evil.example"), key),
        "comes from another issuer"),
    NO_ISSUER(
        (claims, key) -> TestIssuer.token(without(claims, "iss"), key),
        "comes from another issuer"),
    OTHER_AUDIENCE(
        (claims, key) -> TestIssuer.token(claims.put("aud", "https://other.example"), key),
        "is for another audience"),
    OTHER_AUDIENCES(
        (claims, key) -> TestIssuer.token(claims.put("aud", new JsonArray().add("a").add(1)), key),
        "is for another audience"),
    NO_AUDIENCE(
        (claims, key) -> TestIssuer.token(without(claims, "aud"), key), "is for another audience"),
    EXPIRED((claims, key) -> TestIssuer.token(claims.put("exp", now() - 60), key), "has expired"),
    EXPIRED_LONG_AGO((claims, key) -> TestIssuer.token(claims.put("exp", 0), key), "has expired"),
    NOT_YET_VALID(
        (claims, key) -> TestIssuer.token(claims.put("nbf", now() + 600), key), "is not valid yet"),
    EXPIRY_IN_WORDS(
        (claims, key) -> TestIssuer.token(claims.put("exp", "tomorrow"), key),
        "a time that is not a number"),
    NEGATIVE_EXPIRY(
        (claims, key) -> TestIssuer.token(claims.put("exp", -1e30), key),
        "no time until which it is valid"),
    NO_SUBJECT((claims, key) -> TestIssuer.token(without(claims, "sub"), key), "names no subject"),
    NO_TENANT(
        (claims, key) -> TestIssuer.token(without(claims, "tenant_id"), key),
        "names no tenant in its claim 'tenant_id'"),
    TENANT_THAT_IS_A_NUMBER(
        (claims, key) -> TestIssuer.token(claims.put("tenant_id", 1), key), "names no tenant"),
    TENANT_THAT_IS_A_PATH(
        (claims, key) -> TestIssuer.token(claims.put("tenant_id", "../acme"), key),
        "names no tenant");

    private final BiFunction<JsonObject, Key, String> token;
    private final String told;

    Bad(BiFunction<JsonObject, Key, String> token, String told) {
      this.token = token;
      this.told = told;
    }

    private static JsonObject header(String algorithm, String keyId) {
      return new JsonObject().put("alg", algorithm).put("kid", keyId);
    }

    private static JsonObject without(JsonObject claims, String claim) {
      claims.remove(claim);
      return claims;
    }

    private static String cut(String token) {
      return token.substring(0, token.lastIndexOf('.') + 1);
    }

    private static String none(String algorithm, JsonObject claims) {
      return TestIssuer.unsigned(new JsonObject().put("alg", algorithm), claims) + ".";
    }

    private static String changed(String token) {
      String[] parts = token.split("\\.");
      String claims =
          new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
              .replace("acme", "emca");
      return parts[0]
          + "."
          + TestIssuer.base64(claims.getBytes(StandardCharsets.UTF_8))
          + "."
          + parts[2];
    }

    /** Whoever verifies it with the public key for a secret takes it for good. */
    private static String sharedSecret(JsonObject claims, Key key) {
      String signed = TestIssuer.unsigned(header("HS256", key.id()), claims);
      String pem =
          "-----BEGIN PUBLIC KEY-----\n"
              + Base64.getMimeEncoder().encodeToString(key.pair().getPublic().getEncoded())
              + "\n-----END PUBLIC KEY-----\n";
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(pem.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
        return signed
            + "."
            + TestIssuer.base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
      } catch (java.security.GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBadTokenIsRefusedWithASentenceThatDoesNotHoldIt(Bad bad) {
    String token = bad.token.apply(issuer.claims("ada", "acme"), issuer.key());

    ConcertException refusal = refusal(verifier, token);

    assertThat(refusal.code()).isEqualTo(ErrorCode.AUTH_FAILED);
    assertThat(refusal.getMessage()).contains(bad.told);
    if (token.contains(".")) {
      assertThat(refusal.getMessage()).doesNotContain(token.split("\\.")[1]);
    }
    assertThat(refusal.getCause()).isNull();
  }

  @Test
  void clocksMayDifferBySomeSeconds() {
    JsonObject claims = issuer.claims("ada", "acme");

    verify(issuer.token(claims.put("exp", now() - 5)));
    verify(issuer.token(claims.put("exp", now() + 3600).put("nbf", now() + 20)));
  }

  @Test
  void aTokenMayBeForSeveralAudiences() {
    JsonArray audiences = new JsonArray().add("https://other.example").add(TestIssuer.AUDIENCE);

    assertThat(verify(issuer.token(issuer.claims("ada", "acme").put("aud", audiences))).subject())
        .isEqualTo("ada");
  }

  @Test
  void anIssuersSlashAtTheEndDoesNotMatter() {
    JsonObject claims = issuer.claims("ada", "acme").put("iss", issuer.url() + "/");

    assertThat(verify(issuer.token(claims)).subject()).isEqualTo("ada");
  }

  @Test
  void aTokenThatNeverEndsIsTaken() {
    JsonObject claims = issuer.claims("ada", "acme");
    claims.remove("exp");

    assertThat(verify(issuer.token(claims)).expiresAt()).isEmpty();
    assertThat(verify(issuer.token(claims.put("exp", 1e300))).expiresAt()).isPresent();
  }

  @Test
  void theConfigurationNamesTheTenantsClaimAndTheAlgorithms() {
    OpenIdOptions usual = OpenIdOptions.of(URI.create(issuer.url()), TestIssuer.AUDIENCE);
    TokenVerifier other =
        verifier(
            new OpenIdOptions(
                usual.issuer(),
                Optional.empty(),
                "https://concert.test/tenant",
                java.util.Set.of(SignatureAlgorithm.ES256),
                usual.clockSkew(),
                usual.jwksUrl(),
                usual.clientId(),
                usual.clientSecret(),
                usual.proxies()));

    assertThat(refusal(other, issuer.token("ada", "acme")).getMessage())
        .contains("must be signed with ES256");
  }

  @Test
  void aWeakKeyOrOneForEncryptionSignsNothing() {
    Key weak = Key.rsa("weak", 1024);
    issuer.publish(weak);

    assertThat(SigningKey.of(vertx, weak.jwk(), java.util.Set.of(SignatureAlgorithm.RS256)))
        .isEmpty();
    assertThat(
            SigningKey.of(
                vertx,
                Key.rsa("enc").jwk().put("use", "enc"),
                java.util.Set.of(SignatureAlgorithm.RS256)))
        .isEmpty();
    assertThat(
            SigningKey.of(
                vertx,
                Key.rsa("other").jwk().put("alg", "RSA-OAEP"),
                java.util.Set.of(SignatureAlgorithm.RS256)))
        .isEmpty();
  }
}
