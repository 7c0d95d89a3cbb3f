package dev.concert.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The bare Vert.x beside which Concert is measured: the same agents on a Unix socket, the same
 * WebSocket clients, and nothing in between but handing each frame on. No parsing, no storing, no
 * sessions.
 *
 * <p>Arguments: path of the Unix socket, message text for the agents. Prints the port.
 */
public final class BareRelay {
  private final Deque<NetSocket> agents = new ArrayDeque<>();
  private final Deque<ServerWebSocket> clients = new ArrayDeque<>();
  private final String text;

  private BareRelay(String text) {
    this.text = text;
  }

  /** Runs until it is killed. */
  public static void main(String[] arguments) {
    new BareRelay(arguments[1]).run(Vertx.vertx(), arguments[0]);
  }

  private void run(Vertx vertx, String path) {
    vertx
        .createNetServer(new NetServerOptions())
        .connectHandler(this::agent)
        .listen(SocketAddress.domainSocketAddress(path))
        .compose(
            _ ->
                vertx
                    .createHttpServer()
                    .webSocketHandler(this::client)
                    .requestHandler(request -> request.response().end("ok"))
                    .listen(0, "127.0.0.1"))
        .onSuccess(server -> System.out.println("ready " + server.actualPort()))
        .onFailure(failure -> System.out.println("failed " + failure));
  }

  private void agent(NetSocket socket) {
    socket.pause();
    agents.add(socket);
    pair();
  }

  private void client(ServerWebSocket socket) {
    clients.add(socket);
    pair();
  }

  private void pair() {
    if (agents.isEmpty() || clients.isEmpty()) {
      return;
    }
    NetSocket agent = agents.poll();
    ServerWebSocket client = clients.poll();
    agent.handler(new Frames(frame -> client.writeTextMessage(frame.toString())));
    agent.resume();
    send(agent, new JsonObject().put("type", "init"));
    send(
        agent,
        new JsonObject()
            .put("type", "message")
            .put("id", "m")
            .put("data", new JsonObject().put("text", text)));
  }

  private static void send(NetSocket agent, JsonObject frame) {
    Buffer json = frame.toBuffer();
    agent.write(Buffer.buffer().appendIntLE(json.length()).appendBuffer(json));
  }
}
