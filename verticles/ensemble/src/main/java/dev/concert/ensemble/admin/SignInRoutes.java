package dev.concert.ensemble.admin;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.concert.ensemble.admin.session.SessionCookies;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.http.JsonResponse;
import dev.concert.ensemble.http.RequestBodyHandler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/** Signs operators of the page in and out. */
final class SignInRoutes {
  private static final String PATH = "/session";
  private static final String KEY = "key";
  private static final int LONGEST_KEY = 4_096;
  private static final int BODY_LIMIT = 8 * 1024;

  private final AdminAuthenticationHandler authentication;
  private final SessionCookies cookies;
  private final boolean singleSignOn;

  /**
   * @param singleSignOn whether operators can also sign in at an OpenID provider
   */
  SignInRoutes(
      AdminAuthenticationHandler authentication, SessionCookies cookies, boolean singleSignOn) {
    this.singleSignOn = singleSignOn;
    this.authentication = authentication;
    this.cookies = cookies;
  }

  /**
   * @param csrfToken for the header X-CSRF-Token of every change; null without a sign-in
   * @param singleSignOn whether the page offers it
   */
  @JsonNaming(SnakeCaseStrategy.class)
  private record SignIn(boolean signedIn, String csrfToken, boolean singleSignOn) {}

  /** Call it before the routes that need a sign-in. */
  void add(Vertx vertx, Router router) {
    router.route(PATH).handler(new RequestBodyHandler(vertx, BODY_LIMIT));
    router.get(PATH).handler(this::show);
    router.post(PATH).handler(this::begin);
    router.delete(PATH).handler(this::end);
  }

  private void show(RoutingContext context) {
    send(context, cookies.csrfToken(context).orElse(null));
  }

  private void begin(RoutingContext context) {
    String key =
        new AdminFields(VendorJson.object(RequestBodyHandler.body(context)), Set.of(KEY))
            .text(KEY, LONGEST_KEY);
    authentication.check(context, key);
    send(context, cookies.begin(context));
  }

  private void end(RoutingContext context) {
    cookies.authenticates(context);
    cookies.end(context);
    send(context, null);
  }

  private void send(RoutingContext context, String token) {
    context.response().putHeader("Cache-Control", "no-store");
    JsonResponse.send(context.response(), 200, new SignIn(token != null, token, singleSignOn));
  }
}
