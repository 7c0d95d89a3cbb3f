package dev.concert.platform.hostile;

import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A bare Vert.x WebSocket server in a process of its own, which sends each frame back. While
 * Concert is attacked on the same cores, it shows what the load alone does to answers.
 */
final class BareServer implements AutoCloseable {
  private final Process process;
  private final int port;

  private BareServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static BareServer start() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BareServer.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    return new BareServer(process, Integer.parseInt(out.readLine()));
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public static void main(String[] arguments) {
    Vertx.vertx()
        .createHttpServer()
        .webSocketHandler(
            socket -> {
              socket.writeTextMessage("{\"type\":\"authenticated\"}");
              socket.textMessageHandler(socket::writeTextMessage);
            })
        .listen(0, "127.0.0.1")
        .onSuccess(server -> System.out.println(server.actualPort()))
        .onFailure(
            failure -> {
              throw new UncheckedIOException(new IOException("Cannot listen", failure));
            });
  }
}
