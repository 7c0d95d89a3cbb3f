package dev.concert.ensemble.api;

import dev.concert.ensemble.access.AccessTokens;
import dev.concert.ensemble.admin.session.AdminPage;
import dev.concert.ensemble.admission.VisibleModels;
import dev.concert.ensemble.batch.VendorObjects;
import dev.concert.ensemble.call.ActiveCalls;
import dev.concert.ensemble.http.AuthenticationHandler;
import dev.concert.ensemble.http.CrossOriginHandler;
import dev.concert.ensemble.http.ErrorHandler;
import dev.concert.ensemble.http.JsonResponse;
import dev.concert.ensemble.http.QueryHandler;
import dev.concert.ensemble.http.RequestBodyHandler;
import dev.concert.ensemble.http.RequestIdHandler;
import dev.concert.ensemble.http.UnknownPathHandler;
import dev.concert.ensemble.ledger.UsageLedger;
import dev.concert.ensemble.ledger.report.UsageSubject;
import dev.concert.ensemble.pipeline.CallPipeline;
import dev.concert.ensemble.response.StoredConversations;
import dev.concert.ensemble.response.StoredResponses;
import dev.concert.ensemble.routing.EnsembleHealth;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/**
 * Routes the native HTTP API under {@code /api/v1} and the vendors' APIs under {@code /v1} and
 * {@code /v1beta}. Everything but {@code health} needs a bearer token, which is checked before the
 * body is read.
 */
public final class EnsembleRouter {
  private final VisibleModels models;
  private final EnsembleHealth health;
  private final ActiveCalls active;

  private EnsembleRouter(VisibleModels models, EnsembleHealth health, ActiveCalls active) {
    this.models = models;
    this.health = health;
    this.active = active;
  }

  public static Router router(
      Vertx vertx,
      AccessTokens tokens,
      VisibleModels models,
      EnsembleHealth health,
      CallPipeline calls,
      Optional<UsageLedger> ledger,
      Optional<StoredResponses> responses,
      StoredConversations conversations,
      VendorObjects objects,
      Handler<RoutingContext> socket,
      Router admin,
      RequestBodyHandler body,
      List<String> origins) {
    EnsembleRouter routes = new EnsembleRouter(models, health, calls.active());
    InferenceRoutes inference = new InferenceRoutes(vertx, calls);
    Router router = Router.router(vertx);
    UnknownPathHandler unknown = new UnknownPathHandler(router);
    router.route().handler(new DropInPaths());
    router.route().handler(routes::redirectWhileStopping);
    router.route().handler(new OverheadHandler());
    router.route().handler(new RequestIdHandler());
    router.route().handler(new CrossOriginHandler(origins));
    router.route().handler(new QueryHandler());
    router.options().handler(unknown);
    router.get("/api/v1/health").handler(routes::health);
    router.get("/api/v1/ws").handler(socket);
    router.route("/api/*").handler(new AuthenticationHandler(tokens));
    router.get("/api/v1/models").handler(routes::models);
    ledger.ifPresent(
        kept ->
            new UsageRoutes(
                    vertx,
                    kept.usage(),
                    context -> UsageSubject.key(AuthenticationHandler.caller(context).id()))
                .add(router, "/api/v1/usage"));
    responses.ifPresent(kept -> new StoredResponseRoutes(vertx, kept).add(router));
    router.route("/api/*").handler(body);
    router.post("/api/v1/stream").handler(inference.in(NativeFormat.STREAM));
    router.post("/api/v1/generate").handler(inference.in(NativeFormat.WHOLE));
    router
        .post("/api/v1/generate/stream")
        .handler(context -> inference.handle(context, NativeFormat.streamed(context.request())));
    for (String paths : VendorRoutes.PATHS) {
      router.route(paths).handler(new AuthenticationHandler(tokens)).handler(body);
    }
    new VendorRoutes(models, unknown).add(router, inference, calls, conversations, objects);
    router.get("/admin").handler(AdminPage::redirect);
    router.route("/admin/*").subRouter(admin);
    router.route().handler(unknown);
    router.route().failureHandler(new ErrorHandler());
    return router;
  }

  private void models(RoutingContext context) {
    models
        .all(AuthenticationHandler.caller(context))
        .onSuccess(seen -> JsonResponse.send(context.response(), 200, ModelsBody.of(seen)))
        .onFailure(context::fail);
  }

  /** While Ensemble stops, clients are asked to open a new connection, perhaps to another node. */
  private void redirectWhileStopping(RoutingContext context) {
    if (active.stopping()) {
      if (context.request().version() == HttpVersion.HTTP_2) {
        context.request().connection().goAway(0);
      } else {
        context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      }
    }
    context.next();
  }

  /** A load balancer sends no requests to a node that answers 503 here. */
  private void health(RoutingContext context) {
    JsonResponse.send(
        context.response(),
        active.stopping() ? 503 : 200,
        new HealthBody(
            active.stopping() ? "stopping" : health.status(),
            health.uptimeSeconds(),
            health.providers()));
  }
}
