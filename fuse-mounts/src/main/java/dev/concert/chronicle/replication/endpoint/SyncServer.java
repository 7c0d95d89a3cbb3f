package dev.concert.chronicle.replication.endpoint;

import dev.concert.chronicle.loopback.OneTimeTokens;
import dev.concert.chronicle.replication.wire.Transport;
import dev.concert.workspace.WorkspaceMessages.SyncOpened;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for replicas on the loopback address, from the first time on that one is expected. Used
 * on the context of its verticle.
 */
public final class SyncServer {
  private static final Logger LOG = LoggerFactory.getLogger(SyncServer.class);
  private static final String HOST = "127.0.0.1";
  private static final String PATH = "/sync";
  private static final int MAX_TOKENS = 10_000;
  private static final int MAX_FRAME = 1 << 20;

  private final Vertx vertx;
  private final BiConsumer<String, Transport> accept;
  private final OneTimeTokens<String> expected;
  private Optional<Future<HttpServer>> server = Optional.empty();

  /**
   * @param accept gets a workspace's id and the connection of a replica; does not block
   */
  public SyncServer(Vertx vertx, BiConsumer<String, Transport> accept) {
    this.vertx = vertx;
    this.expected = new OneTimeTokens<>(vertx);
    this.accept = accept;
  }

  /** Expects one replica of a workspace. */
  public Future<SyncOpened> expect(String workspaceId) {
    if (expected.size() >= MAX_TOKENS) {
      return Future.failedFuture("Too many replicas are expected at a time");
    }
    if (server.isEmpty() || server.get().failed()) {
      server = Optional.of(listen());
    }
    return server
        .get()
        .map(
            listening ->
                new SyncOpened(HOST, listening.actualPort(), PATH, expected.issue(workspaceId)));
  }

  private Future<HttpServer> listen() {
    return vertx
        .createHttpServer(
            new HttpServerOptions()
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setMaxWebSocketFrameSize(MAX_FRAME)
                .setMaxWebSocketMessageSize(MAX_FRAME)
                .setTcpNoDelay(true)
                .setWebSocketClosingTimeout(5))
        .requestHandler(this::request)
        .listen(0, HOST);
  }

  private void request(HttpServerRequest request) {
    Optional<String> workspaceId = expected.take(request, PATH);
    if (workspaceId.isEmpty()) {
      request.response().setStatusCode(401).end();
      return;
    }
    request
        .toWebSocket()
        .onSuccess(socket -> opened(workspaceId.get(), socket))
        .onFailure(failure -> LOG.debug("No WebSocket came of a replica's request", failure));
  }

  private void opened(String workspaceId, ServerWebSocket socket) {
    accept.accept(workspaceId, ServerWebSocketTransport.of(socket, vertx.getOrCreateContext()));
  }

  public Future<?> close() {
    return server
        .map(listening -> listening.compose(HttpServer::close))
        .orElseGet(Future::succeededFuture);
  }
}
