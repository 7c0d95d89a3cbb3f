package dev.concert.gateway.files;

import dev.concert.bus.Addresses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.workspace.SnapshotMessages.ArchiveOpened;
import dev.concert.workspace.SnapshotMessages.OpenArchive;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET archive?format=tar.gz|zip} below {@code /api/sessions/{id}}: the files of the
 * workspace in one piece, now, {@code at=} a time, or of a {@code snapshot=}. It is written while
 * it is read, no faster than the client takes it. One that ends without its last chunk is not
 * whole.
 */
final class ArchiveRoute {
  private static final Logger LOG = LoggerFactory.getLogger(ArchiveRoute.class);
  private static final int CONNECT_MS = 5_000;
  private static final int STALLED_SECONDS = 90;
  private static final int MOST = 64;

  private final WorkspaceBus bus;
  private final HttpClient client;

  ArchiveRoute(Vertx vertx, WorkspaceBus bus) {
    this.bus = bus;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(CONNECT_MS)
                .setIdleTimeout(STALLED_SECONDS)
                .setKeepAlive(false),
            new PoolOptions().setHttp1MaxSize(MOST));
  }

  void add(Router router, String base) {
    router.get(base + "archive").handler(WorkspaceBus.work(this::send));
  }

  private Future<?> send(RoutingContext request, String workspace) {
    String format = parameter(request, "format").orElse("tar.gz");
    OpenArchive question = new OpenArchive(workspace, format, moment(request));
    return bus.request(Addresses.OPEN_ARCHIVE, question)
        .compose(opened -> read(opened).map(body -> pass(request, format, opened, body)));
  }

  private static String moment(RoutingContext request) {
    Optional<String> time = parameter(request, "at");
    Optional<String> snapshot = parameter(request, "snapshot");
    if (time.isPresent() && snapshot.isPresent()) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE, "'at' and 'snapshot' cannot both be asked for.");
    }
    return time.map(text -> "@" + text).or(() -> snapshot).orElse("");
  }

  private static Optional<String> parameter(RoutingContext request, String name) {
    return Optional.ofNullable(request.queryParams().get(name));
  }

  private Future<HttpClientResponse> read(ArchiveOpened opened) {
    return client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(opened.host())
                .setPort(opened.port())
                .setURI(opened.path())
                .putHeader("Authorization", "Bearer " + opened.token()))
        .compose(HttpClientRequest::send)
        .compose(
            response ->
                response.statusCode() == 200
                    ? Future.succeededFuture(response)
                    : Future.failedFuture(
                        new IllegalStateException("Chronicle does not know its own token")));
  }

  private static RoutingContext pass(
      RoutingContext request, String format, ArchiveOpened opened, HttpClientResponse body) {
    request
        .response()
        .setChunked(true)
        .putHeader("Content-Type", opened.mediaType())
        .putHeader("Content-Disposition", "attachment; filename=\"workspace." + format + "\"");
    body.pipe()
        .endOnFailure(false)
        .to(request.response())
        .onFailure(
            failure -> {
              LOG.debug("An archive was not passed on to its end", failure);
              body.request().reset();
              request.response().reset();
            });
    return request;
  }
}
