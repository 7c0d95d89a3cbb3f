package dev.concert.ensemble.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Lets pages of the configured origins call Ensemble (CORS). Other requests pass without its
 * headers, so that the browser refuses the answer to a page of another origin.
 */
public final class CrossOriginHandler implements Handler<RoutingContext> {
  private static final String ANY = "*";

  /** How long a browser may remember the answer to a preflight request. */
  private static final Duration REMEMBERED = Duration.ofMinutes(10);

  /** What a page may read of a response, beside what browsers always show. */
  private static final Set<String> EXPOSED =
      Set.of(
          "retry-after",
          "x-ensemble-cost",
          "x-ensemble-dropped",
          "x-ensemble-overhead-ms",
          "x-ensemble-routing",
          "x-ratelimit-limit-requests",
          "x-ratelimit-limit-tokens",
          "x-ratelimit-remaining-requests",
          "x-ratelimit-remaining-tokens",
          "x-ratelimit-reset-requests",
          "x-ratelimit-reset-tokens",
          "x-request-id");

  private final List<String> origins;
  private final CorsHandler headers;

  /**
   * @param origins for example {@code https://app.example}; {@code *} allows all
   */
  public CrossOriginHandler(List<String> origins) {
    this.origins = origins;
    this.headers =
        CorsHandler.create()
            .allowedMethods(
                Set.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE))
            .exposedHeaders(EXPOSED)
            .maxAgeSeconds((int) REMEMBERED.toSeconds());
    if (origins.contains(ANY)) {
      headers.addOriginWithRegex(".*");
    } else {
      origins.forEach(headers::addOrigin);
    }
  }

  @Override
  public void handle(RoutingContext context) {
    String origin = context.request().getHeader(HttpHeaders.ORIGIN);
    if (origin != null && (origins.contains(ANY) || origins.contains(origin))) {
      headers.handle(context);
    } else {
      context.next();
    }
  }
}
