package dev.concert.gateway.http;

import dev.concert.gateway.connection.Connection;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/**
 * One event loop of the gateway: listens for connections and owns those it accepted. Several share
 * one port.
 */
public final class Listener extends VerticleBase {
  /**
   * Frames up to this size are read, so that one over the protocol's limit can be refused with a
   * code. One beyond this is cut off unread.
   */
  private static final int MAX_READ = 4 << 20;

  private final Routes routes;
  private final Function<ServerWebSocket, Connection> accept;
  private final Set<Connection> connections = new HashSet<>();
  private HttpServer server;

  public Listener(Routes routes, Function<ServerWebSocket, Connection> accept) {
    this.routes = routes;
    this.accept = accept;
  }

  @Override
  public Future<?> start() {
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setPerMessageWebSocketCompressionSupported(false)
                    .setPerFrameWebSocketCompressionSupported(false)
                    .setMaxWebSocketFrameSize(MAX_READ)
                    .setMaxWebSocketMessageSize(MAX_READ)
                    .setTcpNoDelay(true)
                    .setIdleTimeout(120)
                    .setWebSocketClosingTimeout(5))
            .requestHandler(routes.create(this::opened));
    return Future.succeededFuture();
  }

  /** The event loop's context; known once deployed. */
  public Context context() {
    return context;
  }

  private void opened(ServerWebSocket socket) {
    Connection connection = accept.apply(socket);
    connections.add(connection);
    connection.onClosed(() -> connections.remove(connection));
  }

  /** Listens; answers with the port. Any thread. */
  public Future<Integer> listen(String host, int port) {
    Promise<Integer> listening = Promise.promise();
    context.runOnContext(
        _ -> server.listen(port, host).map(HttpServer::actualPort).onComplete(listening));
    return listening.future();
  }

  @Override
  public Future<?> stop() {
    Set.copyOf(connections).forEach(connection -> connection.shutdown("restart", 1000));
    return server.close();
  }
}
