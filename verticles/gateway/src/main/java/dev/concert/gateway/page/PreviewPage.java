package dev.concert.gateway.page;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * Serves the empty page that shows an HTML file of a workspace inside a frame. Its scripts run, but
 * in an origin of its own: they reach neither Concert's page nor the network.
 */
public final class PreviewPage implements Handler<RoutingContext> {
  public static final String PATH = "/preview";

  private static final String PAGE = "webroot/preview.html";
  private static final String POLICY =
      "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src"
          + " 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data: blob:;"
          + " frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

  @Override
  public void handle(RoutingContext request) {
    HttpServerResponse response = request.response();
    response
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Frame-Options", "SAMEORIGIN")
        .putHeader("Cache-Control", "no-cache")
        .putHeader("Content-Type", "text/html; charset=utf-8");
    if (request.request().method() == HttpMethod.HEAD) {
      response.end();
    } else {
      response.sendFile(PAGE).onFailure(request::fail);
    }
  }
}
