package dev.concert.bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * How long a client waits until it is connected and has authenticated with an RS256 token: a token
 * that the gateway has not seen before, and one that it has verified already. One client at a time;
 * each has a connection of its own.
 *
 * <p>Argument: how many clients for each.
 */
public final class TokenConnect {
  private static final int ROUNDS = 3;

  private final int clients;
  private final Vertx vertx = Vertx.vertx();
  private final WebSocketClient connector = vertx.createWebSocketClient();
  private final TokenIssuer issuer;

  private TokenConnect(int clients) throws Exception {
    this.clients = clients;
    this.issuer = new TokenIssuer(vertx);
  }

  public static void main(String[] arguments) throws Exception {
    int exit = 1;
    try {
      new TokenConnect(Integer.parseInt(arguments[0])).run();
      exit = 0;
    } catch (Exception e) {
      e.printStackTrace();
    } finally {
      System.exit(exit);
    }
  }

  private void run() throws Exception {
    Path data = Files.createTempDirectory("bench");
    Path config = data.resolve("concert.yaml");
    Files.writeString(config, issuer.configuration());
    List<String> up =
        List.of(
            Path.of(System.getProperty("concert.home"), "concert").toString(),
            "up",
            "--port",
            "0",
            "--data",
            data + "/d",
            "--config",
            config.toString());
    // Without an issuer it makes the development tenant, whose members the tokens name.
    try (Child first = Child.start(up, Map.of())) {
      first.line("ready");
    }
    System.out.printf("| token | p50 ms | p99 ms |%n|---|---|---|%n");
    try (Child server = Child.start(up, Map.of("AUTH_URL", issuer.url()))) {
      String line = server.line("ready");
      int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
      String known = issuer.token("dev", 0);
      measure(port, _ -> known);
      for (int round = 1; round <= ROUNDS; round++) {
        int from = round * clients;
        List<String> fresh =
            IntStream.range(from, from + clients)
                .mapToObj(number -> issuer.token("dev", number))
                .toList();
        report("new", measure(port, fresh::get));
        report("known", measure(port, _ -> known));
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  private static void report(String what, Histogram times) {
    System.out.printf(
        "| %s | %.3f | %.3f |%n",
        what, times.getValueAtPercentile(50) / 1e6, times.getValueAtPercentile(99) / 1e6);
  }

  private Histogram measure(int port, IntFunction<String> token) throws Exception {
    Histogram times = new Histogram(3);
    for (int i = 0; i < clients; i++) {
      long began = System.nanoTime();
      connect(port, token.apply(i));
      times.recordValue(System.nanoTime() - began);
    }
    return times;
  }

  private void connect(int port, String token) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    ClientWebSocket socket = connector.webSocket();
    socket.textMessageHandler(
        frame -> {
          String type = new JsonObject(frame).getString("type");
          if (type.equals("authenticated")) {
            done.complete(null);
          } else if (type.equals("error")) {
            done.completeExceptionally(new IllegalStateException(frame));
          }
        });
    socket
        .connect(new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI("/ws"))
        .onSuccess(
            _ ->
                socket.writeTextMessage(
                    new JsonObject().put("type", "authenticate").put("token", token).encode()))
        .onFailure(done::completeExceptionally);
    done.get(30, TimeUnit.SECONDS);
    socket.close();
  }
}
