package dev.concert.gateway.http;

import dev.concert.bus.ConcertBus;
import dev.concert.gateway.auth.OriginPolicy;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the gateway serves over HTTP: the client protocol, health, metrics and the page. */
public final class Routes {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

  private final Vertx vertx;
  private final ConcertBus bus;
  private final OriginPolicy origins;
  private final PrometheusMeterRegistry metrics;
  private final String version;
  private final Handler<RoutingContext> sync;
  private final Consumer<Router> files;

  /**
   * @param sync answers {@code /sync}
   * @param files adds the routes of files
   */
  public Routes(
      Vertx vertx,
      ConcertBus bus,
      OriginPolicy origins,
      PrometheusMeterRegistry metrics,
      String version,
      Handler<RoutingContext> sync,
      Consumer<Router> files) {
    this.vertx = vertx;
    this.bus = bus;
    this.origins = origins;
    this.metrics = metrics;
    this.version = version;
    this.sync = sync;
    this.files = files;
  }

  /** A router whose WebSockets go to {@code onSocket}. */
  public Router create(Handler<ServerWebSocket> onSocket) {
    Router router = Router.router(vertx);
    router.route().handler(this::protect);
    router.get("/health").handler(new HealthRoute(bus, version));
    router.get("/metrics").handler(this::metrics);
    router.get("/ws").handler(request -> upgrade(request, onSocket));
    router.get("/sync").handler(sync);
    files.accept(router);
    router
        .get("/webjars/*")
        .handler(StaticHandler.create("META-INF/resources/webjars").setIndexPage("none"));
    router.get().handler(StaticHandler.create("webroot").setCachingEnabled(false));
    return router;
  }

  private void protect(RoutingContext request) {
    request
        .response()
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader(
            "Content-Security-Policy",
            "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:;"
                + " style-src 'self'; frame-ancestors 'none'; base-uri 'none'");
    // HTTP/2 has no Host header.
    HostAndPort authority = request.request().authority();
    String host = authority == null ? null : authority.toString();
    if (origins.allows(request.request().getHeader("Origin"), host)) {
      request.next();
    } else {
      request.response().setStatusCode(403).end("This origin may not speak to this server.\n");
    }
  }

  private void metrics(RoutingContext request) {
    request
        .response()
        .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        .end(metrics.scrape());
  }

  private static void upgrade(RoutingContext request, Handler<ServerWebSocket> onSocket) {
    request
        .request()
        .toWebSocket()
        .onSuccess(onSocket)
        .onFailure(failure -> LOG.debug("No WebSocket came of a request to /ws", failure));
  }
}
