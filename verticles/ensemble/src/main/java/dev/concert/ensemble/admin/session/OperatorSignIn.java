package dev.concert.ensemble.admin.session;

import dev.concert.ensemble.config.OperatorSignInOptions;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.openid.IssuerClient;
import dev.concert.foundation.openid.SignInAttempt;
import dev.concert.foundation.openid.SignInProvider;
import dev.concert.foundation.openid.TokenVerifier;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sign-in of operators at an OpenID provider, by authorization code with PKCE: {@code GET
 * /admin/sign-in} and {@code GET /admin/sign-in/callback}. The browser has the same cookie after it
 * as after the admin key.
 */
public final class OperatorSignIn {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorSignIn.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String PATH = "/sign-in";
  private static final String CALLBACK = PATH + "/callback";

  private final OperatorSignInOptions options;
  private final SessionCookies cookies;
  private final SignInProvider provider;

  public OperatorSignIn(Vertx vertx, OperatorSignInOptions options, SessionCookies cookies) {
    this.options = options;
    this.cookies = cookies;
    IssuerClient issuer = new IssuerClient(vertx, options.provider(), TIMEOUT);
    this.provider =
        new SignInProvider(
            options.provider(),
            options.provider().clientId().orElseThrow(),
            issuer,
            // Operators have no tenant.
            new TokenVerifier(vertx, options.provider(), issuer, id -> false));
  }

  /**
   * @param router of all paths under {@code /admin}
   */
  public void add(Router router) {
    router.get(PATH).handler(this::begin);
    router.get(CALLBACK).handler(this::end);
  }

  private void begin(RoutingContext context) {
    HttpServerRequest request = context.request();
    SignInAttempt attempt = SignInAttempt.create(Optional.empty());
    provider
        .authorizationUrl(attempt, redirectUri(request))
        .onSuccess(
            url -> {
              context.response().addCookie(attempt.cookie(request));
              redirect(context, url.toString());
            })
        .onFailure(failure -> refuse(context, failure));
  }

  private void end(RoutingContext context) {
    HttpServerRequest request = context.request();
    Optional<SignInAttempt> attempt = SignInAttempt.of(request);
    context.response().addCookie(SignInAttempt.over(request));
    Optional<String> refusal = provider.refusal(request, attempt);
    if (refusal.isPresent()) {
      refuse(context, new ConcertException(ErrorCode.AUTH_FAILED, refusal.get()));
      return;
    }
    provider
        .tokens(attempt.orElseThrow(), request.getParam("code"), redirectUri(request))
        .compose(provider::identity)
        .map(this::operator)
        .onSuccess(
            subject -> {
              LOG.info("The operator {} has signed in", subject);
              cookies.begin(context);
              redirect(context, "/admin/");
            })
        .onFailure(failure -> refuse(context, failure));
  }

  /** Who has signed in. */
  private String operator(JsonObject claims) {
    boolean isOperator =
        switch (claims.getValue(options.claim())) {
          case String one -> options.values().contains(one);
          case JsonArray several ->
              several.stream()
                  .anyMatch(one -> one instanceof String text && options.values().contains(text));
          case null, default -> false;
        };
    if (!isOperator) {
      throw new ConcertException(
          ErrorCode.FORBIDDEN,
          "You are no operator: the claim '%s' of your ID token does not say so."
              .formatted(options.claim()));
    }
    return claims.getString("sub");
  }

  /** The scheme is that of the client; a balancer in front may encrypt. */
  private static String redirectUri(HttpServerRequest request) {
    boolean encrypted =
        request.isSSL() || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"));
    return (encrypted ? "https://" : "http://") + request.authority() + "/admin" + CALLBACK;
  }

  private static void redirect(RoutingContext context, String url) {
    context
        .response()
        .setStatusCode(303)
        .putHeader(HttpHeaders.LOCATION, url)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end();
  }

  /** A person reads this: they come from the provider, or clicked a button. */
  private static void refuse(RoutingContext context, Throwable failure) {
    if (Problem.isDefect(failure)) {
      LOG.error("A sign-in of an operator failed", failure);
    }
    if (context.response().ended() || context.response().closed()) {
      return;
    }
    Problem problem = Problem.of(failure);
    context
        .response()
        .setStatusCode(problem.code().httpStatus())
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(
            "You are not signed in. %s\n\nGo back to /admin/ to try again.\n"
                .formatted(problem.message()));
  }
}
