package dev.concert.bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The bare Vert.x beside which a replay is measured: each client that sends a message gets all
 * frames of a file, as fast as it takes them. Nothing is read, parsed or checked.
 *
 * <p>Argument: a file with a frame in each line. Prints the port.
 */
public final class BareReplay {
  private final List<String> frames;

  private BareReplay(List<String> frames) {
    this.frames = frames;
  }

  /** Runs until it is killed. */
  public static void main(String[] arguments) throws IOException {
    BareReplay replay = new BareReplay(Files.readAllLines(Path.of(arguments[0])));
    Vertx vertx = Vertx.vertx();
    vertx
        .createHttpServer(new HttpServerOptions().setPerMessageWebSocketCompressionSupported(false))
        .webSocketHandler(
            socket -> {
              socket.textMessageHandler(_ -> replay.send(socket, 0));
              socket.writeTextMessage("{\"type\":\"authenticated\"}");
            })
        .requestHandler(request -> request.response().end("ok"))
        .listen(0, "127.0.0.1")
        .onSuccess(server -> System.out.println("ready " + server.actualPort()))
        .onFailure(failure -> System.out.println("failed " + failure));
  }

  private void send(ServerWebSocket socket, int from) {
    for (int i = from; i < frames.size(); i++) {
      if (socket.writeQueueFull()) {
        int rest = i;
        socket.drainHandler(_ -> send(socket, rest));
        return;
      }
      socket.writeTextMessage(frames.get(i));
    }
  }
}
