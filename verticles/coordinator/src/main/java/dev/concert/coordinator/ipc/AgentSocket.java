package dev.concert.coordinator.ipc;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;

/**
 * The Unix socket that one agent process connects to, once. Whoever connects after it is hung up
 * on.
 *
 * <p>Belongs to the event loop that opened it.
 */
public final class AgentSocket {
  private final NetServer server;
  private final SocketPath path;
  private final Promise<AgentConnection> first = Promise.promise();

  private AgentSocket(NetServer server, SocketPath path) {
    this.server = server;
    this.path = path;
  }

  /** Listens; the socket's file is there, and only for this user, when the future completes. */
  public static Future<AgentSocket> open(Vertx vertx, WorkerExecutor workers, SocketPath path) {
    NetServer server = vertx.createNetServer(new NetServerOptions().setAcceptBacklog(4));
    AgentSocket socket = new AgentSocket(server, path);
    server.connectHandler(
        connected -> {
          if (!socket.first.tryComplete(new AgentConnection(connected, workers))) {
            connected.close();
          }
        });
    return server
        .listen(SocketAddress.domainSocketAddress(path.socket().toString()))
        .compose(
            listening ->
                workers.executeBlocking(
                    () -> {
                      path.restrict();
                      return socket;
                    },
                    false));
  }

  public SocketPath path() {
    return path;
  }

  /** Completes when the agent connected. The connection reads nothing until it is started. */
  public Future<AgentConnection> connection() {
    return first.future();
  }

  /** Stops listening and hangs up. */
  public Future<Void> close() {
    first.tryFail("The socket was closed.");
    return server.close();
  }
}
