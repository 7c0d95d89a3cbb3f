package dev.concert.foundation.openid;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a token says about its signature. It is not verified.
 *
 * @param keyId its kid; empty where it names none
 */
record JwtHeader(SignatureAlgorithm algorithm, Optional<String> keyId) {
  private static final int PARTS = 3;

  /**
   * @param allowed algorithms
   * @throws ConcertException {@code AUTH_FAILED}
   */
  static JwtHeader of(String token, Set<SignatureAlgorithm> allowed) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != PARTS || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw refused("The token is not a JWT.");
    }
    JsonObject header = header(parts[0]);
    SignatureAlgorithm algorithm =
        SignatureAlgorithm.of(header.getValue("alg") instanceof String name ? name : "none")
            .filter(allowed::contains)
            .orElseThrow(() -> refused("The token must be signed with " + names(allowed) + "."));
    if (parts[2].isEmpty()) {
      throw refused("The token is not signed.");
    }
    if (header.containsKey("crit")) {
      // RFC 7515, section 4.1.11: who does not understand an extension must refuse the token.
      throw refused("The token needs extensions that this server does not know.");
    }
    return new JwtHeader(
        algorithm,
        header.getValue("kid") instanceof String id ? Optional.of(id) : Optional.empty());
  }

  private static JsonObject header(String part) {
    try {
      return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(part)));
    } catch (IllegalArgumentException | DecodeException | ClassCastException e) {
      throw refused("The token is not a JWT.");
    }
  }

  private static String names(Set<SignatureAlgorithm> allowed) {
    return allowed.stream().map(SignatureAlgorithm::wireName).collect(Collectors.joining(" or "));
  }

  private static ConcertException refused(String message) {
    return new ConcertException(ErrorCode.AUTH_FAILED, message);
  }
}
