package dev.concert.ensemble.admin;

import dev.concert.ensemble.api.Failures;
import dev.concert.ensemble.api.UsageRoutes;
import dev.concert.ensemble.limit.RateLimiters;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Optional;

/** The routes under {@code /admin}, to be put into the server's router. */
public final class AdminRoutes {
  private static final long BODY_LIMIT = 256 * 1024;

  private AdminRoutes() {}

  /**
   * @param key the admin key, a secret; empty: every request is told that there is no admin API
   */
  public static Router router(Vertx vertx, Optional<String> key, AdminSources sources) {
    Router router = Router.router(vertx);
    router.route().handler(new AdminAccess(key, RateLimiters.alone(System::currentTimeMillis)));
    router.route().handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT));
    sources
        .accounts()
        .ifPresent(
            known -> {
              new KeyRoutes(known).add(router);
              new CustomerRoutes(known).add(router);
            });
    sources
        .books()
        .ifPresent(
            kept -> {
              new UsageRoutes(vertx, kept, context -> context.pathParam("id"))
                  .add(router, "/keys/:id/usage");
              new LogRoutes(vertx, kept).add(router);
            });
    sources
        .providerKeys()
        .ifPresent(kept -> new ProviderRoutes(kept, sources.status().providers()).add(router));
    new StatusRoutes(sources.status()).add(router);
    router
        .route()
        .handler(
            context ->
                context.fail(
                    new ConcertException(
                        ErrorCode.NOT_FOUND,
                        "There is no " + context.request().method() + " at this path.")));
    router.route().failureHandler(new Failures());
    return router;
  }
}
