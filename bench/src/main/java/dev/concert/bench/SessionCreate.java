package dev.concert.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How long a client waits until it is connected and authenticated, and then until its session is
 * created. One client at a time; each has a connection of its own.
 *
 * <p>Arguments: how many clients, then the folders of the builds to start. Builds take turns, three
 * times each, so that a change of the machine meets all of them.
 */
public final class SessionCreate {
  private static final int ROUNDS = 3;

  private final int clients;

  private SessionCreate(int clients) {
    this.clients = clients;
  }

  public static void main(String[] arguments) throws Exception {
    SessionCreate bench = new SessionCreate(Integer.parseInt(arguments[0]));
    List<String> builds =
        arguments.length > 1
            ? List.of(arguments).subList(1, arguments.length)
            : List.of(System.getProperty("concert.home"));
    System.out.printf(
        "| build | connect p50 ms | p99 ms | create p50 ms | p99 ms |%n|---|---|---|---|---|%n");
    for (int round = 0; round < ROUNDS; round++) {
      for (String build : builds) {
        bench.measure(Path.of(build));
      }
    }
    System.exit(0);
  }

  private void measure(Path build) throws Exception {
    Path data = Files.createTempDirectory("bench");
    Vertx vertx = Vertx.vertx();
    WebSocketClient connector = vertx.createWebSocketClient();
    Histogram connected = new Histogram(3);
    Histogram created = new Histogram(3);
    try (Child server =
        Child.start(
            List.of(
                build.resolve("concert").toString(), "up", "--port", "0", "--data", data + "/d"),
            Map.of())) {
      String line = server.line("ready");
      int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
      for (int i = 0; i < clients; i++) {
        if (i == clients / 3) {
          connected.reset();
          created.reset();
        }
        Client client = new Client(connector.webSocket());
        client.run(port);
        connected.recordValue(client.connected - client.began);
        created.recordValue(client.created - client.connected);
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
    System.out.printf(
        "| %s | %.3f | %.3f | %.3f | %.3f |%n",
        build.getFileName(),
        connected.getValueAtPercentile(50) / 1e6,
        connected.getValueAtPercentile(99) / 1e6,
        created.getValueAtPercentile(50) / 1e6,
        created.getValueAtPercentile(99) / 1e6);
  }

  /** One connection. Its times are written on its event loop and read once it is done. */
  private static final class Client {
    private final ClientWebSocket socket;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final long began = System.nanoTime();
    private long connected;
    private long created;

    Client(ClientWebSocket socket) {
      this.socket = socket;
    }

    void run(int port) throws Exception {
      socket.textMessageHandler(this::receive);
      socket
          .connect(new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI("/ws"))
          .onFailure(done::completeExceptionally);
      done.get(30, TimeUnit.SECONDS);
      socket.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private void receive(String frame) {
      switch (json(frame).path("type").asText()) {
        case "authenticated" -> {
          connected = System.nanoTime();
          socket.writeTextMessage("{\"type\":\"create_session\",\"agentType\":\"echo\"}");
        }
        case "session_created" -> {
          created = System.nanoTime();
          done.complete(null);
        }
        case "error" -> done.completeExceptionally(new IllegalStateException(frame));
        default -> {
          // Nothing to do.
        }
      }
    }

    private static JsonNode json(String frame) {
      try {
        return Json.MAPPER.readTree(frame);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("The gateway sent no JSON", e);
      }
    }
  }
}
