package dev.concert.gateway.signin;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.auth.openid.IssuerClient;
import dev.concert.gateway.auth.openid.IssuerMetadata;
import dev.concert.gateway.auth.openid.OpenIdOptions;
import dev.concert.gateway.auth.openid.TokenVerifier;
import io.netty.handler.codec.http.QueryStringEncoder;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the page's sign-in needs of the OpenID provider. Thread-safe. Fails with {@code AUTH_FAILED}
 * where the provider refuses, and with {@code ISSUER_UNAVAILABLE} where it does not answer as it
 * should.
 *
 * @param clientId of the page, as the provider knows it
 */
record SignInProvider(
    OpenIdOptions options, String clientId, IssuerClient issuer, TokenVerifier verifier) {
  /** {@code offline_access} asks for a refresh token; a provider that gives none ignores it. */
  private static final String SCOPE = "openid profile email offline_access";

  /** Where the browser goes to sign in. */
  Future<URI> authorizationUrl(SignInAttempt attempt, String redirectUri) {
    return metadata()
        .map(
            known -> {
              QueryStringEncoder url =
                  new QueryStringEncoder(
                      known.authorizationUrl().orElseThrow(SignInProvider::noSignIn).toString());
              url.addParam("response_type", "code");
              url.addParam("client_id", clientId);
              url.addParam("redirect_uri", redirectUri);
              url.addParam("scope", SCOPE);
              url.addParam("state", attempt.state());
              url.addParam("nonce", attempt.nonce());
              url.addParam("code_challenge", attempt.challenge());
              url.addParam("code_challenge_method", "S256");
              options.audience().ifPresent(audience -> url.addParam("audience", audience));
              return URI.create(url.toString());
            });
  }

  /** The tokens for a code, of a person whose ID token belongs to this attempt. */
  Future<SessionTokens> tokens(SignInAttempt attempt, String code, String redirectUri) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", redirectUri);
    form.put("code_verifier", attempt.verifier());
    return request(form)
        .map(answer -> answer.orElseThrow(() -> refused("The provider refused the code.")))
        .map(SessionTokens::of)
        .compose(tokens -> checked(attempt, tokens));
  }

  private Future<SessionTokens> checked(SignInAttempt attempt, SessionTokens tokens) {
    return tokens
        .id()
        .map(id -> verifier.claims(id, Optional.of(clientId)))
        .orElseGet(() -> Future.failedFuture(refused("The provider gave no ID token.")))
        .map(
            claims -> {
              if (!(claims.getValue("nonce") instanceof String nonce) || !attempt.hasNonce(nonce)) {
                throw refused("The ID token belongs to another sign-in.");
              }
              return tokens;
            });
  }

  /** New tokens; empty where the provider gives none any more. */
  Future<Optional<SessionTokens>> refreshed(String refreshToken) {
    return request(Map.of("grant_type", "refresh_token", "refresh_token", refreshToken))
        .map(answer -> answer.map(SessionTokens::of));
  }

  private Future<Optional<JsonObject>> request(Map<String, String> form) {
    return issuer
        .tokens(form, clientId, options.clientSecret())
        .recover(SignInProvider::unavailable);
  }

  /** Where the browser goes to sign out at the provider; empty where it offers that nowhere. */
  Future<Optional<URI>> signOutUrl(SessionTokens tokens, String returnTo) {
    return metadata()
        .map(
            known ->
                known
                    .endSessionUrl()
                    .map(
                        url -> {
                          QueryStringEncoder query = new QueryStringEncoder(url.toString());
                          tokens.id().ifPresent(id -> query.addParam("id_token_hint", id));
                          query.addParam("client_id", clientId);
                          query.addParam("post_logout_redirect_uri", returnTo);
                          return URI.create(query.toString());
                        }));
  }

  private Future<IssuerMetadata> metadata() {
    return issuer.metadata().recover(SignInProvider::unavailable);
  }

  private static <T> Future<T> unavailable(Throwable cause) {
    return Future.failedFuture(
        new ConcertException(
            ErrorCode.ISSUER_UNAVAILABLE,
            "The OpenID provider does not answer as it should.",
            cause));
  }

  private static ConcertException noSignIn() {
    return new ConcertException(
        ErrorCode.ISSUER_UNAVAILABLE, "The OpenID provider offers no sign-in.");
  }

  private static ConcertException refused(String message) {
    return new ConcertException(ErrorCode.AUTH_FAILED, message);
  }
}
