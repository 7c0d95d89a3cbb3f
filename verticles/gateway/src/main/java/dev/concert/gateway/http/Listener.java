package dev.concert.gateway.http;

import dev.concert.foundation.http.StrictWebSocket;
import dev.concert.gateway.auth.TlsOptions;
import dev.concert.gateway.connection.Connection;
import dev.concert.gateway.connection.Handshake;
import dev.concert.gateway.health.ServingState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * One event loop of the gateway: listens for connections and owns those it accepted. Several share
 * one port.
 */
public final class Listener extends VerticleBase {
  /** The longest path of a file, encoded as in a URL, and a query. */
  private static final int MAX_LINE = 64 << 10;

  /** A smaller body is not worth the work. */
  private static final int COMPRESSED_FROM = 1024;

  /** A connection is counted once it is over. */
  private static final int HANDSHAKE_SECONDS = 5;

  private final Routes routes;
  private final ConnectionLimits limits;
  private final Optional<TlsOptions> tls;
  private final BiFunction<StrictWebSocket, Handshake, Connection> accept;
  private final Set<Connection> connections = new HashSet<>();
  private HttpServer server;
  private boolean stopping;

  /**
   * @param limits shared by all listeners
   * @param tls empty: it listens in the clear
   */
  public Listener(
      Routes routes,
      ConnectionLimits limits,
      Optional<TlsOptions> tls,
      BiFunction<StrictWebSocket, Handshake, Connection> accept) {
    this.routes = routes;
    this.limits = limits;
    this.tls = tls;
    this.accept = accept;
  }

  @Override
  public Future<?> start() {
    HttpConnections accepted = routes.connections(limits);
    HttpServerOptions options =
        new HttpServerOptions()
            // Otherwise Vert.x shows a connection only after its first bytes.
            .setHttp2ClearTextEnabled(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setPerFrameWebSocketCompressionSupported(false)
            .setMaxWebSocketFrameSize(Connection.MAX_READ)
            .setMaxWebSocketMessageSize(Connection.MAX_READ)
            .setMaxInitialLineLength(MAX_LINE)
            .setCompressionSupported(true)
            .setCompressionContentSizeThreshold(COMPRESSED_FROM)
            .setWebSocketSubProtocols(UpgradeHandler.subprotocols())
            .setTcpNoDelay(true)
            .setIdleTimeout(120)
            .setWebSocketClosingTimeout(5);
    tls.ifPresent(
        files ->
            options
                .setSsl(true)
                // HTTP/1.1 only: the checks of a connection are about its frames.
                .setUseAlpn(false)
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .setCertPath(files.certificate().toString())
                        .setKeyPath(files.key().toString())));
    server =
        vertx
            .createHttpServer(options)
            .connectionHandler(
                connection -> {
                  BothLengthsDecoder.install(AcceptedConnection.channelOf(connection), options);
                  accepted.accepted(connection);
                })
            .invalidRequestHandler(InvalidRequest::refuse)
            .requestHandler(routes.create(accepted, this::opened));
    return Future.succeededFuture();
  }

  private void opened(StrictWebSocket socket, Handshake handshake) {
    Connection connection = accept.apply(socket, handshake);
    connections.add(connection);
    connection.onClosed(() -> connections.remove(connection));
    if (stopping) {
      connection.announceShutdown("restart", ServingState.RECONNECT_AFTER_MS);
    }
  }

  /** Tells every client, also those that come later, that the server stops. Any thread. */
  public void announceShutdown() {
    context.runOnContext(_ -> announce());
  }

  private void announce() {
    stopping = true;
    connections.forEach(
        connection -> connection.announceShutdown("restart", ServingState.RECONNECT_AFTER_MS));
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
    announce();
    Set.copyOf(connections).forEach(Connection::disconnectForRestart);
    return server.close();
  }
}
