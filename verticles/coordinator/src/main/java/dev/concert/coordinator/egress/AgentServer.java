package dev.concert.coordinator.egress;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP server on a Unix socket that one agent reaches. It hangs up on connections beyond a
 * bound, so that an agent cannot take all file descriptors of this process.
 */
final class AgentServer {
  /** Limit of the request line and headers, and of a response's. */
  static final int MAX_HEADER_BYTES = 32 * 1024;

  /** Connections beyond those that carry something: kept alive, or about to be refused. */
  static final int SPARE = 16;

  /** So that a server that says nothing is answered for before its agent's connection ends. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final int most;
  private final Duration idle;
  private final Set<HttpConnection> connected = new HashSet<>();

  /**
   * @param connections that carry something at once; some more are accepted
   * @param idle for a connection on which nothing moves
   */
  AgentServer(int connections, Duration idle) {
    this.most = connections + SPARE;
    this.idle = idle.plus(GRACE);
  }

  /** Listens; completes when the socket's file is there. */
  Future<Void> listen(Vertx vertx, Path socket, Handler<HttpServerRequest> handler) {
    return vertx
        .createHttpServer(
            new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                .setHandle100ContinueAutomatically(true)
                .setMaxInitialLineLength(MAX_HEADER_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout((int) idle.toMillis()))
        .connectionHandler(this::accept)
        .requestHandler(handler)
        .exceptionHandler(_ -> {}) // an agent's broken connection is its own affair
        .listen(SocketAddress.domainSocketAddress(socket.toString()))
        .mapEmpty();
  }

  private void accept(HttpConnection connection) {
    if (connected.size() >= most) {
      connection.close();
      return;
    }
    connected.add(connection);
    connection.closeHandler(_ -> connected.remove(connection));
  }

  /** The connection became a tunnel: whoever has it counts it, and its end is not reported here. */
  void forget(HttpConnection connection) {
    connected.remove(connection);
  }
}
