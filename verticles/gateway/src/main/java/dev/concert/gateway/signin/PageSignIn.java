package dev.concert.gateway.signin;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.openid.IssuerClient;
import dev.concert.foundation.openid.OpenIdOptions;
import dev.concert.foundation.openid.SessionTokens;
import dev.concert.foundation.openid.SignInAttempt;
import dev.concert.foundation.openid.SignInProvider;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.auth.Authenticator;
import dev.concert.gateway.auth.JwtAuthenticator;
import dev.concert.gateway.auth.OriginPolicy;
import dev.concert.gateway.auth.SessionCookie;
import dev.concert.gateway.auth.address.AuthenticationRate;
import dev.concert.gateway.auth.address.TrustedProxies;
import dev.concert.gateway.http.ProblemResponse;
import dev.concert.json.Json;
import dev.concert.protocol.Identity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RequestBody;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of the page's sign-in: {@code GET} and {@code POST /auth/login}, {@code GET
 * /auth/callback}, {@code GET /auth/session}, {@code POST /auth/logout}. After each the browser is
 * at this server's own page, so nobody can use them to send it elsewhere.
 */
public final class PageSignIn {
  private static final Logger LOG = LoggerFactory.getLogger(PageSignIn.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String PAGE = "/";

  /** Bytes of a request that begins a sign-in. */
  private static final int MAX_BODY = 1024;

  private final OriginPolicy origins;
  private final AuthenticationRate rate;
  private final TrustedProxies proxies;
  private final SignInProvider provider;
  private final PageSessions sessions;

  /**
   * @param options with the page's {@code clientId}
   * @param people knows the bearers of the provider's access tokens
   * @param rate of refused codes
   * @param audit of the tenants, where sign-ins and sign-outs are noted
   */
  public PageSignIn(
      Vertx vertx,
      Path data,
      OpenIdOptions options,
      OriginPolicy origins,
      JwtAuthenticator people,
      AuthenticationRate rate,
      TrustedProxies proxies,
      AuditLog audit) {
    this.origins = origins;
    this.rate = rate;
    this.proxies = proxies;
    this.provider =
        new SignInProvider(
            options,
            options.clientId().orElseThrow(),
            new IssuerClient(vertx, options, TIMEOUT),
            people.verifier());
    this.sessions =
        new PageSessions(vertx, new PageSessionStore(vertx, data), provider, people, audit);
  }

  /** The authenticator of the tokens that cookies hold. */
  public Authenticator authenticator() {
    return sessions;
  }

  /**
   * @param invitations makes the bearer of an access token a member, by the secret of an invitation
   */
  public void add(Router router, BiFunction<String, String, Future<?>> invitations) {
    router.get("/auth/login").handler(this::login);
    router
        .post("/auth/login")
        .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY))
        .handler(this::loginWithInvitation);
    router.get("/auth/callback").handler(request -> callback(request, invitations));
    router.get("/auth/session").handler(this::session);
    router.post("/auth/logout").handler(this::logout);
  }

  /** The routes where nobody can sign in. The page shows no button then. */
  public static void addNone(Router router) {
    router
        .get("/auth/session")
        .handler(request -> send(request, new JsonObject().put("canSignIn", false)));
  }

  private void login(RoutingContext request) {
    begin(SignInAttempt.create(Optional.empty()), request)
        .onFailure(failure -> refuse(request, failure))
        .onSuccess(url -> redirect(request, url));
  }

  /**
   * Begins a sign-in that accepts an invitation. Its secret comes in a body and stays in the
   * attempt's cookie: it is in no address that a browser, proxy or provider keeps.
   */
  private void loginWithInvitation(RoutingContext request) {
    invitation(request.body())
        .map(secret -> begin(SignInAttempt.create(Optional.of(secret)), request))
        .orElseGet(() -> Future.failedFuture(noInvitation()))
        .onFailure(failure -> ProblemResponse.send(request, failure))
        .onSuccess(url -> send(request, new JsonObject().put("signInUrl", url)));
  }

  private static Optional<String> invitation(RequestBody body) {
    try {
      return Optional.ofNullable(body.asString())
          .filter(text -> !text.isBlank())
          .map(JsonObject::new)
          .map(one -> one.getValue("invitation"))
          .map(Object::toString)
          .filter(SignInAttempt::isInvitation);
    } catch (DecodeException e) {
      return Optional.empty();
    }
  }

  private static ConcertException noInvitation() {
    return new ConcertException(
        ErrorCode.INVALID_MESSAGE,
        "'invitation' must be the 64 hexadecimal digits behind '#invitation=' of the link.");
  }

  /** Where the browser goes to sign in; its cookie is set. */
  private Future<String> begin(SignInAttempt attempt, RoutingContext request) {
    return provider
        .authorizationUrl(attempt, redirectUri(request.request()))
        .map(
            url -> {
              request.response().addCookie(attempt.cookie(request.request()));
              return url.toString();
            });
  }

  private String origin(HttpServerRequest request) {
    return origins.originOf(request.authority().toString(), request.isSSL());
  }

  private String redirectUri(HttpServerRequest request) {
    return origin(request) + "/auth/callback";
  }

  private void callback(RoutingContext request, BiFunction<String, String, Future<?>> invitations) {
    HttpServerRequest http = request.request();
    Optional<SignInAttempt> attempt = SignInAttempt.of(http);
    request.response().addCookie(SignInAttempt.over(http));
    Optional<String> refusal = provider.refusal(http, attempt);
    if (refusal.isPresent()) {
      refuse(request, new ConcertException(ErrorCode.AUTH_FAILED, refusal.get()));
      return;
    }
    http.pause();
    rate.limit(
            proxies.clientOf(http),
            () ->
                provider
                    .tokens(attempt.orElseThrow(), http.getParam("code"), redirectUri(http))
                    .compose(tokens -> accepted(attempt.orElseThrow(), tokens, invitations))
                    .compose(sessions::open))
        .onComplete(_ -> http.resume())
        .onFailure(failure -> refuse(request, failure))
        .onSuccess(
            token -> {
              SessionCookie.tokenOf(http).ifPresent(sessions::end);
              request.response().addCookie(SessionCookie.holding(token, http));
              redirect(request, PAGE);
            });
  }

  /** The tokens, once their bearer is a member by the invitation that came with the sign-in. */
  private static Future<SessionTokens> accepted(
      SignInAttempt attempt,
      SessionTokens tokens,
      BiFunction<String, String, Future<?>> invitations) {
    return attempt
        .invitation()
        .<Future<?>>map(secret -> invitations.apply(tokens.access(), secret))
        .orElseGet(Future::succeededFuture)
        .map(tokens);
  }

  private void session(RoutingContext request) {
    JsonObject answer = new JsonObject().put("canSignIn", true);
    Optional<String> token = SessionCookie.tokenOf(request.request());
    token
        .map(sessions::authenticate)
        .orElseGet(() -> Future.failedFuture(nobody()))
        .onSuccess(
            who ->
                send(
                    request,
                    answer
                        .put("identity", json(who.identity()))
                        .put("csrfToken", SessionCookie.csrfToken(token.orElseThrow()))))
        .onFailure(
            failure -> {
              switch (Problem.of(failure).code()) {
                case AUTH_FAILED, UNAUTHENTICATED -> {
                  token.ifPresent(
                      _ -> request.response().addCookie(SessionCookie.over(request.request())));
                  send(request, answer);
                }
                default -> ProblemResponse.send(request, failure);
              }
            });
  }

  private static JsonObject json(Identity who) {
    return new JsonObject(Json.MAPPER.valueToTree(who).toString());
  }

  private static ConcertException nobody() {
    return new ConcertException(ErrorCode.UNAUTHENTICATED, "Nobody is signed in.");
  }

  private void logout(RoutingContext request) {
    HttpServerRequest http = request.request();
    Optional<String> token = SessionCookie.tokenOf(http);
    if (token.isEmpty()) {
      ProblemResponse.send(request, nobody());
      return;
    }
    if (!SessionCookie.isFromThePage(http, token.get())) {
      ProblemResponse.send(request, SessionCookie.notFromThePage());
      return;
    }
    http.pause();
    sessions
        .signOutUrl(token.get(), origin(http) + PAGE)
        .compose(url -> sessions.signOut(token.get()).map(url))
        .onComplete(_ -> http.resume())
        .onFailure(failure -> ProblemResponse.send(request, failure))
        .onSuccess(
            url -> {
              request.response().addCookie(SessionCookie.over(http));
              send(request, new JsonObject().put("signOutUrl", url.orElse(null)));
            });
  }

  private static void send(RoutingContext request, JsonObject answer) {
    request
        .response()
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(answer.encode());
  }

  private static void redirect(RoutingContext request, String url) {
    request
        .response()
        .setStatusCode(303)
        .putHeader("Location", url)
        .putHeader("Cache-Control", "no-store")
        .end();
  }

  /** A person reads this: they come from the provider, or clicked a button. */
  private static void refuse(RoutingContext request, Throwable failure) {
    if (Problem.isDefect(failure)) {
      LOG.error("A sign-in failed", failure);
    }
    if (request.response().ended() || request.response().closed()) {
      return;
    }
    Problem problem = Problem.of(failure);
    request
        .response()
        .setStatusCode(problem.code().httpStatus())
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .end(
            """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Sign-in failed</title>
            <h1>You are not signed in</h1><p>%s</p><p><a href="/">Back to Concert</a></p></html>
            """
                .formatted(problem.message()));
  }

  /** Ends all page sessions of this tenant. */
  public Future<Void> forgetTenant(String tenantId) {
    return sessions.endTenant(tenantId);
  }

  public Future<Void> close() {
    return sessions.close();
  }
}
