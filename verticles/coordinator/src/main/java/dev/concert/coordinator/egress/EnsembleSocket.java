package dev.concert.coordinator.egress;

import dev.concert.coordinator.egress.policy.HttpOrigin;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One agent's way to Ensemble, on a Unix socket, wherever Ensemble runs. Passes on what models are
 * asked with, and nothing else: no administration, no usage, no metrics, no health. The agent's own
 * token goes with each request.
 *
 * <p>Belongs to the event loop that opened it, and is closed with the verticle that opened it.
 */
final class EnsembleSocket {
  private static final List<String> PATHS =
      List.of(
          "/v1/",
          "/api/v1/models",
          "/api/v1/stream",
          "/api/v1/generate",
          "/api/v1/status/",
          "/api/v1/retrieve/");

  private static final int CONNECTIONS = 64;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** A model may think for minutes before the first byte of a whole answer. */
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(30);

  /** Shorter than any balancer before Ensemble waits, which would cut a connection being used. */
  private static final int KEEP_ALIVE_SECONDS = 5;

  private final Vertx vertx;
  private final Supplier<HttpOrigin> ensemble;
  private final HttpClient client;

  EnsembleSocket(Vertx vertx, Supplier<HttpOrigin> ensemble) {
    this.vertx = vertx;
    this.ensemble = ensemble;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setIdleTimeout((int) IDLE_TIMEOUT.toSeconds())
                .setMaxHeaderSize(AgentServer.MAX_HEADER_BYTES)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS));
  }

  /** Listens; completes when the socket's file is there. */
  Future<Void> listen(Path socket) {
    return new AgentServer(CONNECTIONS, IDLE_TIMEOUT).listen(vertx, socket, this::handle);
  }

  private void handle(HttpServerRequest request) {
    request.pause();
    if (!isForModels(request.uri())) {
      fail(request, 403, ErrorCode.FORBIDDEN, "An agent may ask models here, and nothing else.");
      return;
    }
    HttpOrigin origin = ensemble.get();
    client
        .request(
            new RequestOptions()
                .setMethod(request.method())
                .setSsl(origin.encrypted())
                .setHost(origin.host())
                .setPort(origin.port())
                .setURI(origin.path() + request.uri()))
        .compose(to -> new HttpRelay(request, to).run())
        .onFailure(
            _ ->
                fail(
                    request,
                    502,
                    ErrorCode.ENSEMBLE_UNAVAILABLE,
                    "Ensemble cannot be reached from this host. Try again in a moment."));
  }

  private static void fail(HttpServerRequest request, int status, ErrorCode code, String message) {
    if (request.response().headWritten() || request.response().closed()) {
      return;
    }
    JsonObject error =
        new JsonObject()
            .put("code", code.name())
            .put("message", message)
            .put("retryable", status >= 500);
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Connection", "close")
        .end(new JsonObject().put("error", error).toBuffer())
        .eventually(() -> request.connection().close());
  }

  /** A path with dot segments, also encoded ones, could mean another path to Ensemble. */
  static boolean isForModels(String uri) {
    int query = uri.indexOf('?');
    String path = query < 0 ? uri : uri.substring(0, query);
    return PATHS.stream()
            .anyMatch(
                allowed ->
                    allowed.endsWith("/")
                        ? path.startsWith(allowed)
                        : path.equals(allowed) || path.startsWith(allowed + "/"))
        && !path.contains("..")
        && !path.contains("//")
        && !path.contains("\\")
        && !path.toLowerCase(Locale.ROOT).contains("%2e");
  }
}
