package dev.concert.ensemble.api;

import dev.concert.ensemble.access.AccessTokens;
import dev.concert.ensemble.admission.VisibleModels;
import dev.concert.ensemble.answer.KeptAnswers;
import dev.concert.ensemble.ledger.Ledger;
import dev.concert.ensemble.routing.EnsembleHealth;
import dev.concert.ensemble.stream.CallStart;
import dev.concert.ensemble.stream.OpenCalls;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Optional;

/**
 * The native HTTP API under {@code /api/v1}. Everything but {@code health} needs a bearer token,
 * which is checked before the body is read.
 */
public final class EnsembleRoutes {
  /** Bytes of a request, whichever way it comes. */
  public static final int BODY_LIMIT = 32 * 1024 * 1024;

  private final VisibleModels models;
  private final EnsembleHealth health;
  private final OpenCalls open;

  private EnsembleRoutes(VisibleModels models, EnsembleHealth health, OpenCalls open) {
    this.models = models;
    this.health = health;
    this.open = open;
  }

  public static Router router(
      Vertx vertx,
      AccessTokens tokens,
      VisibleModels models,
      EnsembleHealth health,
      CallStart calls,
      Optional<Ledger> ledger,
      Optional<KeptAnswers> answers,
      Handler<RoutingContext> socket,
      Router admin) {
    EnsembleRoutes routes = new EnsembleRoutes(models, health, calls.open());
    InferenceRoutes inference = new InferenceRoutes(vertx, calls);
    Router router = Router.router(vertx);
    router.route().handler(routes::sendAway);
    router.route().handler(new Overhead());
    router.route().handler(new RequestId());
    router.get("/api/v1/health").handler(routes::health);
    router.get("/api/v1/ws").handler(socket);
    router.route("/api/*").handler(new Authentication(tokens));
    router.get("/api/v1/models").handler(routes::models);
    ledger.ifPresent(
        books ->
            new UsageRoutes(vertx, books.usage(), context -> Authentication.caller(context).id())
                .add(router, "/api/v1/usage"));
    answers.ifPresent(kept -> new AnswerRoutes(vertx, kept).add(router));
    router.route("/api/*").handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT));
    router.post("/api/v1/stream").handler(inference.in(NativeForm.STREAM));
    router.post("/api/v1/generate").handler(inference.in(NativeForm.WHOLE));
    router.route("/v1/*").handler(new Authentication(tokens));
    router.route("/v1/*").handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT));
    new CompatibleRoutes(models).add(router, inference, new TokenCounting(vertx, calls));
    router.route("/admin/*").subRouter(admin);
    router.route().handler(EnsembleRoutes::nowhere);
    router.route().failureHandler(new Failures());
    return router;
  }

  private static void nowhere(RoutingContext context) {
    Problem problem =
        new Problem(
            ErrorCode.INVALID_MESSAGE,
            "There is no " + context.request().method() + " at this path.");
    JsonReply.send(context.response(), 404, new ErrorBody.Envelope(ErrorBody.of(problem)));
  }

  private void models(RoutingContext context) {
    JsonReply.send(
        context.response(), 200, ModelsBody.of(models.of(Authentication.caller(context))));
  }

  /** Who comes again while Ensemble stops comes over a new connection, perhaps to another node. */
  private void sendAway(RoutingContext context) {
    if (open.stopping()) {
      if (context.request().version() == HttpVersion.HTTP_2) {
        context.request().connection().goAway(0);
      } else {
        context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      }
    }
    context.next();
  }

  /** A balancer sends nobody to a node that says 503 here. */
  private void health(RoutingContext context) {
    JsonReply.send(
        context.response(),
        open.stopping() ? 503 : 200,
        new HealthBody(
            open.stopping() ? "stopping" : health.status(),
            health.uptimeSeconds(),
            health.providers()));
  }
}
