package dev.concert.foundation.openid;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.math.BigInteger;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A key of an issuer, bound to the algorithms that it may be used with.
 *
 * @param id its kid; empty where the issuer gives it none
 * @param verifiers one for each algorithm; each knows this key and no other
 */
record SigningKey(Optional<String> id, Map<SignatureAlgorithm, JWTAuth> verifiers) {
  private static final int LEAST_RSA_BITS = 2048;
  private static final int MOST_RSA_BITS = 16_384;

  /**
   * Reads a JWK (RFC 7517). Empty for a key that is for something else, or is none.
   *
   * @param allowed algorithms
   */
  static Optional<SigningKey> of(Vertx vertx, JsonObject jwk, Set<SignatureAlgorithm> allowed) {
    try {
      if (!isForSignatures(jwk) || !isStrong(jwk)) {
        return Optional.empty();
      }
      Map<SignatureAlgorithm, JWTAuth> verifiers = new EnumMap<>(SignatureAlgorithm.class);
      String pinned = jwk.getString("alg");
      for (SignatureAlgorithm algorithm : allowed) {
        if (algorithm.fits(jwk.getString("kty"), jwk.getString("crv", ""))
            && (pinned == null || pinned.equals(algorithm.wireName()))) {
          verifiers.put(algorithm, verifier(vertx, jwk, algorithm));
        }
      }
      return verifiers.isEmpty()
          ? Optional.empty()
          : Optional.of(new SigningKey(Optional.ofNullable(jwk.getString("kid")), verifiers));
    } catch (ClassCastException | IllegalArgumentException e) {
      // A member of the wrong type, or no base64url.
      return Optional.empty();
    }
  }

  private static boolean isForSignatures(JsonObject jwk) {
    JsonArray operations = jwk.getJsonArray("key_ops", new JsonArray().add("verify"));
    return "sig".equals(jwk.getString("use", "sig")) && operations.contains("verify");
  }

  private static boolean isStrong(JsonObject jwk) {
    if (!"RSA".equals(jwk.getString("kty"))) {
      return true;
    }
    byte[] modulus = Base64.getUrlDecoder().decode(jwk.getString("n", ""));
    int bits = new BigInteger(1, modulus).bitLength();
    return bits >= LEAST_RSA_BITS && bits <= MOST_RSA_BITS;
  }

  /**
   * Blocking for the first key. Only the public part: a verifier that could sign would be one too
   * many.
   */
  private static JWTAuth verifier(Vertx vertx, JsonObject jwk, SignatureAlgorithm algorithm) {
    JsonObject key = new JsonObject().put("alg", algorithm.wireName()).put("use", "sig");
    for (String member : Set.of("kty", "kid", "n", "e", "crv", "x", "y")) {
      if (jwk.containsKey(member)) {
        key.put(member, jwk.getString(member));
      }
    }
    JWTAuthOptions options = new JWTAuthOptions().addJwk(key);
    // TokenVerifier checks the claims, with a sentence for each.
    options.getJWTOptions().setIgnoreExpiration(true);
    JWTAuth verifier = JWTAuth.create(vertx, options);
    // What the JDK loads for the first signature, it loads here.
    JsonObject header = new JsonObject().put("alg", algorithm.wireName());
    String unsigned = Base64.getUrlEncoder().encodeToString(header.encode().getBytes(UTF_8));
    verifier.authenticate(new TokenCredentials(unsigned + ".e30.AAAA"));
    return verifier;
  }
}
