package dev.concert.foundation.openid;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.netty.handler.codec.http.QueryStringEncoder;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a page's sign-in needs of the OpenID provider. Thread-safe. Fails with {@code AUTH_FAILED}
 * where the provider refuses, and with {@code ISSUER_UNAVAILABLE} where it does not answer as it
 * should.
 *
 * @param clientId of the page, as the provider knows it
 */
public record SignInProvider(
    OpenIdOptions options, String clientId, IssuerClient issuer, TokenVerifier verifier) {
  private static final Logger LOG = LoggerFactory.getLogger(SignInProvider.class);

  /** {@code offline_access} asks for a refresh token; a provider that gives none ignores it. */
  private static final String SCOPE = "openid profile email offline_access";

  /** Where the browser goes to sign in. */
  public Future<URI> authorizationUrl(SignInAttempt attempt, String redirectUri) {
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

  /** What is wrong with what the provider sent the browser back with, if anything. */
  public Optional<String> refusal(HttpServerRequest request, Optional<SignInAttempt> attempt) {
    if (attempt.isEmpty()) {
      return Optional.of("This sign-in was not begun in this browser, or took too long.");
    }
    if (!attempt.get().hasState(request.getParam("state"))) {
      return Optional.of("This answer belongs to another sign-in.");
    }
    // RFC 9207: an answer of another provider that is mixed in names another issuer.
    if (request.getParam("iss") != null && !options.isIssuer(request.getParam("iss"))) {
      return Optional.of("This answer comes from another provider.");
    }
    if (request.getParam("error") != null) {
      LOG.info("The provider refused a sign-in");
      return Optional.of("The provider refused the sign-in.");
    }
    return request.getParam("code") == null || request.getParam("code").isEmpty()
        ? Optional.of("The answer of the provider has no code.")
        : Optional.empty();
  }

  /** The tokens for a code, of a person whose ID token belongs to this attempt. */
  public Future<SessionTokens> tokens(SignInAttempt attempt, String code, String redirectUri) {
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
    return identity(tokens)
        .map(
            claims -> {
              if (!(claims.getValue("nonce") instanceof String nonce) || !attempt.hasNonce(nonce)) {
                throw refused("The ID token belongs to another sign-in.");
              }
              return tokens;
            });
  }

  /** What the ID token of such tokens says of the person. */
  public Future<JsonObject> identity(SessionTokens tokens) {
    return tokens
        .id()
        .map(id -> verifier.claims(id, Optional.of(clientId)))
        .orElseGet(() -> Future.failedFuture(refused("The provider gave no ID token.")));
  }

  /** New tokens; empty where the provider gives none any more. */
  public Future<Optional<SessionTokens>> refreshed(String refreshToken) {
    return request(Map.of("grant_type", "refresh_token", "refresh_token", refreshToken))
        .map(answer -> answer.map(SessionTokens::of));
  }

  private Future<Optional<JsonObject>> request(Map<String, String> form) {
    return issuer
        .tokens(form, clientId, options.clientSecret())
        .recover(SignInProvider::unavailable);
  }

  /** Where the browser goes to sign out at the provider; empty where it offers that nowhere. */
  public Future<Optional<URI>> signOutUrl(SessionTokens tokens, String returnTo) {
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
