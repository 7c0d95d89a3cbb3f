package dev.concert.foundation.openid;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.jwt.JWTAuth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The keys that an issuer published at one time.
 *
 * @param fetchedAt by the clock of this machine
 */
record KeySet(List<SigningKey> keys, Instant fetchedAt) {
  private static final int MAX_KEYS = 100;

  /**
   * Reads a JWKS (RFC 7517, section 5). Keys that cannot sign a token are left out.
   *
   * @throws IssuerException when nothing is left
   */
  static KeySet of(
      Vertx vertx, JsonObject document, Set<SignatureAlgorithm> allowed, Instant fetchedAt) {
    if (!(document.getValue("keys") instanceof JsonArray published)) {
      throw new IssuerException("its key set has no keys");
    }
    List<SigningKey> keys = new ArrayList<>();
    for (Object key : published) {
      if (keys.size() < MAX_KEYS && key instanceof JsonObject jwk) {
        SigningKey.of(vertx, jwk, allowed).ifPresent(keys::add);
      }
    }
    if (keys.isEmpty()) {
      throw new IssuerException("its key set has no key for the configured algorithms");
    }
    return new KeySet(List.copyOf(keys), fetchedAt);
  }

  /**
   * Verifies tokens with such a header. A token without kid is verified where there is but one key
   * that it can be signed with.
   */
  Optional<JWTAuth> verifier(JwtHeader header) {
    List<JWTAuth> fitting =
        keys.stream()
            .filter(key -> header.keyId().isEmpty() || key.id().equals(header.keyId()))
            .map(key -> key.verifiers().get(header.algorithm()))
            .filter(verifier -> verifier != null)
            .toList();
    return fitting.size() == 1 || header.keyId().isPresent()
        ? fitting.stream().findFirst()
        : Optional.empty();
  }
}
