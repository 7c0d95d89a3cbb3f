package dev.concert.gateway.http;

import dev.concert.contract.OpenApiDocument;
import dev.concert.foundation.http.StrictWebSocket;
import dev.concert.gateway.auth.AccessOptions;
import dev.concert.gateway.auth.LocalCallers;
import dev.concert.gateway.auth.OriginPolicy;
import dev.concert.gateway.connection.Handshake;
import dev.concert.gateway.health.GatewayHealth;
import dev.concert.gateway.health.ServingState;
import dev.concert.gateway.page.PageFiles;
import dev.concert.gateway.page.PreviewPage;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What the gateway serves over HTTP: the operations of the contract, health, metrics, the page. */
public final class Routes {
  private final Vertx vertx;
  private final Supplier<GatewayHealth> health;
  private final ServingState state;
  private final OriginPolicy origins;
  private final Optional<LocalCallers> callers;
  private final AccessOptions access;
  private final PrometheusMeterRegistry metrics;
  private final String version;
  private final Consumer<Router> workspaces;
  private final Map<String, Handler<RoutingContext>> shared;
  private final ApiRoutes api;
  private final Consumer<Router> signIn;

  /**
   * @param health one for each router
   * @param callers decides about programs; empty where everybody authenticates
   * @param access how clients reach the gateway
   * @param workspaces adds the routes at which bytes pass on to workspaces
   * @param shared the handlers of GET of shared links, by their paths
   * @param api adds the routes of the contract table
   * @param signIn adds the routes by which the page signs in
   */
  public Routes(
      Vertx vertx,
      Supplier<GatewayHealth> health,
      ServingState state,
      OriginPolicy origins,
      Optional<LocalCallers> callers,
      AccessOptions access,
      PrometheusMeterRegistry metrics,
      String version,
      Consumer<Router> workspaces,
      Map<String, Handler<RoutingContext>> shared,
      ApiRoutes api,
      Consumer<Router> signIn) {
    this.vertx = vertx;
    this.health = health;
    this.state = state;
    this.origins = origins;
    this.callers = callers;
    this.access = access;
    this.metrics = metrics;
    this.version = version;
    this.workspaces = workspaces;
    this.shared = shared;
    this.api = api;
    this.signIn = signIn;
  }

  /** Those that a listener accepts. */
  HttpConnections connections(ConnectionLimits limits) {
    return new HttpConnections(vertx, limits, callers);
  }

  /** A router whose WebSockets go to {@code onSocket}. */
  Router create(HttpConnections connections, BiConsumer<StrictWebSocket, Handshake> onSocket) {
    Buffer openApi = Buffer.buffer(OpenApiDocument.create().toString());
    Router router = Router.router(vertx);
    router.route().handler(RequestId::assign);
    router.route().handler(FramingCheck::check);
    router.route().handler(Routes::protect);
    router.route().handler(new AccessHandler(vertx, connections, origins, callers));
    router.route().handler(new CrossOrigin(origins));
    router.route().handler(new TransportGuard(access));
    router.route().handler(new BodyPace(vertx, BodyPace.Limits.DEFAULT));
    new HealthRoutes(health.get(), state, version).add(router);
    get(router, "/metrics", this::metrics);
    get(router, "/api/docs", request -> request.response().sendFile("webroot/api.html"));
    get(router, PreviewPage.PATH, new PreviewPage());
    get(router, "/openapi.json", request -> HttpReply.sendJson(request, openApi));
    get(router, "/ws", new UpgradeHandler(access.trustedProxies(), onSocket));
    workspaces.accept(router);
    shared.forEach((path, handler) -> get(router, path, handler));
    api.add(router);
    signIn.accept(router);
    addPage(router);
    router
        .route()
        .handler(ProblemResponse::notFound)
        .failureHandler(ProblemResponse::handleFailure);
    return router;
  }

  /** Adds a route for GET and HEAD. */
  public static void get(Router router, String path, Handler<RoutingContext> handler) {
    router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(handler);
    MethodNotAllowed.add(router, path, List.of(HttpMethod.GET));
  }

  private void addPage(Router router) {
    router
        .route("/webjars/*")
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .handler(
            new PageFiles(
                vertx, "META-INF/resources/webjars", "/webjars", PageFiles.Freshness.FOR_EVER));
    router
        .route()
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .handler(new PageFiles(vertx, "webroot", "", PageFiles.Freshness.ASKED));
    MethodNotAllowed.add(router, "/", List.of(HttpMethod.GET));
  }

  private static void protect(RoutingContext request) {
    request
        .response()
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader(
            "Content-Security-Policy",
            "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:;"
                + " style-src 'self'; frame-ancestors 'none'; base-uri 'none'");
    request.next();
  }

  private void metrics(RoutingContext request) {
    request.response().putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    HttpReply.end(request, Buffer.buffer(metrics.scrape()));
  }
}
