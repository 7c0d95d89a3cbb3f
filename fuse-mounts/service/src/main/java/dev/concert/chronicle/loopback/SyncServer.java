package dev.concert.chronicle.loopback;

import dev.concert.bus.ConcertBus;
import dev.concert.chronicle.replication.wire.Transport;
import dev.concert.workspace.WorkspaceMessages.SyncOpened;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets replicas in, each as a WebSocket. Used on the context of its verticle. */
public final class SyncServer {
  private static final Logger LOG = LoggerFactory.getLogger(SyncServer.class);
  private static final String PATH = "/sync";
  private static final int MAX_TOKENS = 10_000;
  private static final int MAX_FRAME = 1 << 20;

  private final Vertx vertx;
  private final BiConsumer<String, Transport> accept;
  private final OneTimeServer<String> server;

  /**
   * @param accept gets a workspace's id and the connection of a replica; does not block
   */
  public SyncServer(Vertx vertx, ConcertBus bus, BiConsumer<String, Transport> accept) {
    this.vertx = vertx;
    this.accept = accept;
    this.server = new OneTimeServer<>(vertx, bus, PATH, options(), this::open);
  }

  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setMaxWebSocketFrameSize(MAX_FRAME)
        .setMaxWebSocketMessageSize(MAX_FRAME)
        .setTcpNoDelay(true)
        .setWebSocketClosingTimeout(5);
  }

  /** Expects one replica of a workspace. */
  public Future<SyncOpened> expect(String workspaceId) {
    if (server.expected() >= MAX_TOKENS) {
      return Future.failedFuture("Too many replicas are expected at a time");
    }
    return server
        .expect(workspaceId)
        .map(one -> new SyncOpened(one.node(), one.port(), one.path(), one.token()));
  }

  private void open(String workspaceId, HttpServerRequest request) {
    // The peer is a gateway, which holds its own client to the RFC.
    request
        .toWebSocket()
        .onSuccess(socket -> opened(workspaceId, socket))
        .onFailure(failure -> LOG.debug("No WebSocket came of a replica's request", failure));
  }

  private void opened(String workspaceId, ServerWebSocket socket) {
    accept.accept(workspaceId, ServerWebSocketTransport.of(socket, vertx.getOrCreateContext()));
  }

  public Future<?> close() {
    return server.close();
  }
}
