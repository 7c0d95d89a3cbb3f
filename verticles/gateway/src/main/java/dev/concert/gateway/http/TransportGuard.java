package dev.concert.gateway.http;

import dev.concert.error.ErrorCode;
import dev.concert.foundation.config.DeploymentMode;
import dev.concert.gateway.auth.AccessOptions;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;

/**
 * Refuses, in production, what crossed a network in the clear, so that no token does so twice, and
 * tells browsers to come over TLS. What comes from this machine, or from a trusted proxy that had
 * it over TLS, passes.
 */
record TransportGuard(AccessOptions options) implements Handler<RoutingContext> {
  /** A year. */
  private static final String HSTS = "max-age=31536000";

  @Override
  public void handle(RoutingContext request) {
    if (options.mode() != DeploymentMode.PRODUCTION) {
      request.next();
      return;
    }
    InetAddress peer = AcceptedConnection.of(request.request().connection()).address();
    if (HealthRoutes.concern(request.request().path()) || isProtected(request, peer)) {
      request.response().putHeader("Strict-Transport-Security", HSTS);
      request.next();
    } else {
      ProblemResponse.refuse(
          request, ErrorCode.TLS_REQUIRED, "This server takes no requests in the clear.");
    }
  }

  private boolean isProtected(RoutingContext request, InetAddress peer) {
    return options.tls().isPresent()
        || (mayComeInTheClear(peer) && !options.trustedProxies().saysInTheClear(request.request()));
  }

  boolean mayComeInTheClear(InetAddress peer) {
    return peer.isLoopbackAddress() || options.trustedProxies().includes(peer);
  }
}
