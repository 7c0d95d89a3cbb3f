package dev.concert.foundation.openid;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Optional;

/**
 * What an issuer says of itself (OpenID Connect Discovery 1.0, section 3), as far as it is needed
 * here.
 *
 * @param jwksUrl of its keys
 * @param authorizationUrl where a person signs in
 * @param tokenUrl where a code becomes a token
 * @param endSessionUrl where a person signs out
 */
public record IssuerMetadata(
    URI jwksUrl,
    Optional<URI> authorizationUrl,
    Optional<URI> tokenUrl,
    Optional<URI> endSessionUrl) {

  /**
   * @throws IssuerException when it is not this issuer's
   */
  static IssuerMetadata of(JsonObject document, OpenIdOptions options) {
    if (!options.isIssuer(text(document, "issuer").orElse(null))) {
      throw new IssuerException("its discovery document names another issuer");
    }
    return new IssuerMetadata(
        url(document, "jwks_uri")
            .orElseThrow(() -> new IssuerException("its discovery document names no jwks_uri")),
        url(document, "authorization_endpoint"),
        url(document, "token_endpoint"),
        url(document, "end_session_endpoint"));
  }

  private static Optional<String> text(JsonObject document, String key) {
    return document.getValue(key) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  private static Optional<URI> url(JsonObject document, String key) {
    try {
      return text(document, key).map(URI::create).filter(url -> url.getHost() != null);
    } catch (IllegalArgumentException e) {
      throw new IssuerException("its discovery document has no URL in " + key);
    }
  }
}
