package dev.concert.gateway.http;

import dev.concert.error.ErrorCode;
import dev.concert.gateway.auth.LocalCallers;
import dev.concert.gateway.auth.OriginPolicy;
import dev.concert.gateway.auth.PeerUser;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * The first of all handlers: refuses what comes over too many connections, from a foreign web page,
 * or, where nobody authenticates, from the program of another user.
 */
final class AccessHandler implements Handler<RoutingContext> {
  private final Vertx vertx;
  private final HttpConnections connections;
  private final OriginPolicy origins;
  private final Optional<LocalCallers> callers;

  /**
   * @param callers empty where everybody authenticates
   */
  AccessHandler(
      Vertx vertx,
      HttpConnections connections,
      OriginPolicy origins,
      Optional<LocalCallers> callers) {
    this.vertx = vertx;
    this.connections = connections;
    this.origins = origins;
    this.callers = callers;
  }

  @Override
  public void handle(RoutingContext request) {
    AcceptedConnection connection = AcceptedConnection.of(request.request().connection());
    connections.requestBegan(connection);
    request.addEndHandler(_ -> connections.requestEnded(connection));
    if (!connection.isWithinLimits()) {
      ProblemResponse.refuseAndClose(
          request, ErrorCode.TOO_MANY_CONNECTIONS, "The server has too many connections.");
    } else if (isWebhook(request)) {
      // A signature over its bytes says whose it is, wherever it comes from.
      request.next();
    } else if (!origins.allows(headers(request, connection))) {
      ProblemResponse.refuse(
          request, ErrorCode.ORIGIN_REFUSED, "This origin must not use this server.");
    } else if (callers.isEmpty() || HealthRoutes.concern(request.request().path())) {
      request.next();
    } else {
      identify(request, connection, callers.get());
    }
  }

  private static boolean isWebhook(RoutingContext request) {
    return request.normalizedPath().startsWith("/webhooks/");
  }

  private static OriginPolicy.Headers headers(
      RoutingContext context, AcceptedConnection connection) {
    HttpServerRequest request = context.request();
    // HTTP/2 has no Host header.
    HostAndPort authority = request.authority();
    return new OriginPolicy.Headers(
        request.method().name(),
        connection.port(),
        context.normalizedPath(),
        authority == null ? null : authority.toString(),
        request.getHeader("Origin"),
        request.getHeader("Sec-Fetch-Site"),
        request.getHeader("Sec-Fetch-Mode"),
        request.getHeader("Sec-Fetch-Dest"));
  }

  private void identify(RoutingContext request, AcceptedConnection connection, LocalCallers known) {
    if (connection.user().isComplete()) {
      decide(request, connection, known, connection.user().result());
      return;
    }
    request.request().pause();
    Context context = vertx.getOrCreateContext();
    connection
        .user()
        .onComplete(
            user ->
                context.runOnContext(
                    _ -> {
                      request.request().resume();
                      decide(request, connection, known, user.result());
                    }));
  }

  private static void decide(
      RoutingContext request, AcceptedConnection connection, LocalCallers known, PeerUser user) {
    if (known.admits(
        user,
        connection.address().isLoopbackAddress(),
        isOfThePage(request.request()),
        request.request().getHeader("Authorization"))) {
      request.next();
    } else {
      ProblemResponse.refuse(
          request,
          ErrorCode.CALLER_REFUSED,
          "This server serves programs of the user who runs it, and no others.");
    }
  }

  /** The origin was allowed before, where there is one. */
  private static boolean isOfThePage(HttpServerRequest request) {
    return request.getHeader("Origin") != null || request.getHeader("Sec-Fetch-Site") != null;
  }
}
