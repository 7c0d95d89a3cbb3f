package dev.concert.gateway.http;

import dev.concert.gateway.auth.OriginPolicy;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import java.util.Set;

/**
 * Lets pages of the configured origins read replies (CORS), with credentials. A foreign origin was
 * refused before; the server's own page needs none of it.
 */
final class CrossOrigin implements Handler<RoutingContext> {
  private static final int PREFLIGHT_SECONDS = 600;

  private final OriginPolicy policy;
  private final boolean isConfigured;
  private final CorsHandler cors;

  CrossOrigin(OriginPolicy policy) {
    this.policy = policy;
    this.isConfigured = !policy.configured().isEmpty();
    this.cors =
        CorsHandler.create()
            .addOrigins(policy.configured())
            .allowCredentials(true)
            .allowedMethods(
                Set.of(
                    HttpMethod.GET,
                    HttpMethod.HEAD,
                    HttpMethod.POST,
                    HttpMethod.PUT,
                    HttpMethod.DELETE))
            .allowedHeaders(
                Set.of(
                    "Authorization",
                    "Content-Type",
                    "Idempotency-Key",
                    "If-Match",
                    "If-None-Match",
                    "Last-Event-ID",
                    "X-CSRF-Token",
                    RequestId.HEADER))
            .exposedHeaders(
                Set.of(
                    "ETag",
                    "Location",
                    "Retry-After",
                    "RateLimit-Limit",
                    "RateLimit-Remaining",
                    "RateLimit-Reset",
                    "Idempotent-Replayed",
                    "Content-Disposition",
                    "X-Iteration",
                    "X-Next-Offset",
                    RequestId.HEADER))
            .maxAgeSeconds(PREFLIGHT_SECONDS);
  }

  @Override
  public void handle(RoutingContext request) {
    if (isConfigured) {
      request.response().putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    }
    String origin = request.request().getHeader("Origin");
    if (origin != null && policy.isConfigured(origin)) {
      cors.handle(request);
    } else {
      request.next();
    }
  }
}
