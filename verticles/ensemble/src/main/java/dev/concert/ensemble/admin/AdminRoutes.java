package dev.concert.ensemble.admin;

import dev.concert.ensemble.admin.session.AdminPage;
import dev.concert.ensemble.admin.session.AdminSessions;
import dev.concert.ensemble.admin.session.OperatorSignIn;
import dev.concert.ensemble.admin.session.SessionCookies;
import dev.concert.ensemble.api.UsageRoutes;
import dev.concert.ensemble.config.OperatorSignInOptions;
import dev.concert.ensemble.http.ErrorHandler;
import dev.concert.ensemble.http.RequestBodyHandler;
import dev.concert.ensemble.http.UnknownPathHandler;
import dev.concert.ensemble.ledger.report.UsageSubject;
import dev.concert.ensemble.limit.RateLimiters;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.util.Optional;

/** Creates the routes under {@code /admin}. */
public final class AdminRoutes {
  private static final int BODY_LIMIT = 256 * 1024;

  private AdminRoutes() {}

  /**
   * @param key the admin key, a secret; empty: every request is refused because the admin API is
   *     off
   * @param signIn of operators at an OpenID provider, where there is a key
   */
  public static Router router(
      Vertx vertx,
      Optional<String> key,
      Optional<OperatorSignInOptions> signIn,
      AdminServices sources) {
    Router router = Router.router(vertx);
    Optional<SessionCookies> sessions =
        key.map(secret -> new SessionCookies(new AdminSessions(secret, Clock.systemUTC())));
    AdminAuthenticationHandler authentication =
        new AdminAuthenticationHandler(
            key, sessions, RateLimiters.alone(System::currentTimeMillis));
    AdminPage.add(router);
    sessions.ifPresent(
        cookies -> {
          new SignInRoutes(authentication, cookies, signIn.isPresent()).add(vertx, router);
          signIn.ifPresent(options -> new OperatorSignIn(vertx, options, cookies).add(router));
        });
    router.route().handler(authentication);
    router.route().handler(new RequestBodyHandler(vertx, BODY_LIMIT));
    sources
        .accounts()
        .ifPresent(
            known -> {
              new KeyRoutes(known, sources.isModel()).add(router);
              new CustomerRoutes(known).add(router);
              new BudgetRoutes(known, sources.budgets()).add(router);
              new TeamRoutes(known, sources.isModel()).add(router);
            });
    sources
        .usage()
        .ifPresent(
            kept -> {
              new UsageRoutes(vertx, kept, context -> UsageSubject.key(context.pathParam("id")))
                  .add(router, "/keys/:id/usage");
              new UsageRoutes(vertx, kept, context -> UsageSubject.team(context.pathParam("id")))
                  .add(router, "/teams/:id/usage");
              new UsageRoutes(vertx, kept, context -> UsageSubject.ALL).add(router, "/usage");
              new CallLogRoutes(vertx, kept).add(router);
            });
    sources
        .providerKeys()
        .ifPresent(kept -> new ProviderRoutes(kept, sources.status().providers()).add(router));
    new StatusRoutes(sources.status()).add(router);
    router.route().handler(new UnknownPathHandler(router));
    router.route().failureHandler(new ErrorHandler());
    return router;
  }
}
