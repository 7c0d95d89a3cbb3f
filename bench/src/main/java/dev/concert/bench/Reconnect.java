package dev.concert.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * Many clients that reconnect at once, each with a replay of a session's events, beside a bare
 * Vert.x server that sends the same frames to the same clients.
 *
 * <p>Arguments: how many clients, how many events.
 */
public final class Reconnect {
  private static final int ROUNDS = 3;
  private static final int TIMEOUT_SECONDS = 300;

  private final int clients;
  private final int events;

  private Reconnect(int clients, int events) {
    this.clients = clients;
    this.events = events;
  }

  public static void main(String[] arguments) throws Exception {
    Reconnect bench = new Reconnect(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    System.out.printf(
        "| what | clients | events | all s | client p50 s | p99 s | lost"
            + " |%n|---|---|---|---|---|---|---|%n");
    bench.run();
    System.exit(0);
  }

  private void run() throws Exception {
    Path folder = Files.createTempDirectory("bench");
    Path home = Path.of(System.getProperty("concert.home"));
    try (Child concert =
        Child.start(
            List.of(
                home.resolve("concert").toString(), "up", "--port", "0", "--data", folder + "/d"),
            Map.of())) {
      String ready = concert.line("ready");
      int port = Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1));
      Recorded recorded = Recorded.of(port, events);
      Path frames = Files.write(folder.resolve("frames"), recorded.frames());
      String join =
          "{\"type\":\"join_session\",\"sessionId\":\"%s\",\"afterSeq\":0}"
              .formatted(recorded.sessionId());
      try (Child bare =
          Child.start(
              Child.java(List.of("-Xmx1g", "-XX:+UseSerialGC"), BareReplay.class, "" + frames),
              Map.of())) {
        int barePort = Integer.parseInt(bare.line("ready").split(" ")[1]);
        for (int round = 0; round < ROUNDS; round++) {
          measure("bare Vert.x", barePort, join, recorded);
          measure("Concert", port, join, recorded);
        }
      }
    }
  }

  private void measure(String what, int port, String join, Recorded recorded) throws Exception {
    Vertx vertx = Vertx.vertx();
    WebSocketClient connector =
        vertx.createWebSocketClient(
            new WebSocketClientOptions().setMaxConnections(clients).setConnectTimeout(60_000));
    Histogram times = new Histogram(3);
    CountDownLatch done = new CountDownLatch(clients);
    List<Client> all = new ArrayList<>();
    long began = System.nanoTime();
    for (int i = 0; i < clients; i++) {
      Client client = new Client(connector.webSocket(), join, recorded.lastSeq(), done);
      all.add(client);
      client.connect(port);
    }
    boolean whole = done.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    double seconds = (System.nanoTime() - began) / 1e9;
    all.stream().filter(client -> client.end > 0).forEach(c -> times.recordValue(c.end - began));
    String lost =
        all.stream()
            .filter(client -> client.end == 0)
            .collect(Collectors.groupingBy(client -> client.reason, Collectors.counting()))
            .toString();
    System.out.printf(
        "| %s | %d | %d | %s%.2f | %.2f | %.2f | %s |%n",
        what,
        clients,
        recorded.frames().size(),
        whole ? "" : "> ",
        seconds,
        times.getValueAtPercentile(50) / 1e9,
        times.getValueAtPercentile(99) / 1e9,
        lost.equals("{}") ? "0" : lost);
    vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  /** Joins as soon as it may, and counts the frames until the last event. */
  private static final class Client {
    private final ClientWebSocket socket;
    private final String join;
    private final String last;
    private final CountDownLatch done;
    private volatile long end;
    private volatile String reason = "not done";

    Client(ClientWebSocket socket, String join, long lastSeq, CountDownLatch done) {
      this.socket = socket;
      this.join = join;
      this.last = "\"seq\":" + lastSeq + ",";
      this.done = done;
    }

    void connect(int port) {
      socket.textMessageHandler(this::receive);
      socket.closeHandler(_ -> ended("closed with " + socket.closeStatusCode()));
      socket
          .connect(new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI("/ws"))
          .onFailure(failure -> ended(failure.getClass().getSimpleName()));
    }

    private void ended(String why) {
      reason = why;
      done.countDown();
    }

    private void receive(String frame) {
      if (frame.startsWith("{\"type\":\"authenticated\"")) {
        socket.writeTextMessage(join);
      } else if (end == 0 && frame.contains(last)) {
        end = System.nanoTime();
        socket.close();
      }
    }
  }

  /** A session with so many events, and the frames in which a client gets them. */
  private record Recorded(String sessionId, long lastSeq, List<String> frames) {

    static Recorded of(int port, int events) throws Exception {
      String id = AwakeSession.of(port);
      Vertx vertx = Vertx.vertx();
      try {
        long seq = 0;
        while (seq < events) {
          seq = turns(vertx, port, id, events);
        }
        return replay(vertx, port, id, seq);
      } finally {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
      }
    }

    /** As many turns as one connection may start in ten seconds. */
    private static long turns(Vertx vertx, int port, String id, int events) throws Exception {
      CompletableFuture<Long> over = new CompletableFuture<>();
      int[] left = {50};
      ClientWebSocket socket = vertx.createWebSocketClient().webSocket();
      String turn = "{\"type\":\"run_turn\",\"sessionId\":\"%s\",\"text\":\"hello\"}".formatted(id);
      socket.textMessageHandler(
          frame -> {
            JsonNode event = json(frame);
            switch (event.path("type").asText()) {
              case "authenticated" ->
                  socket.writeTextMessage(
                      "{\"type\":\"join_session\",\"sessionId\":\"%s\"}".formatted(id));
              case "state_snapshot" -> socket.writeTextMessage(turn);
              case "session_state" -> {
                if (event.path("state").asText().equals("ready")
                    && event.path("previous").asText().equals("running")) {
                  if (--left[0] == 0 || event.path("seq").asLong() >= events) {
                    over.complete(event.path("seq").asLong());
                  } else {
                    socket.writeTextMessage(turn);
                  }
                }
              }
              case "error" -> over.completeExceptionally(new IllegalStateException(frame));
              default -> {
                // Nothing to do.
              }
            }
          });
      socket.connect(port, "127.0.0.1", "/ws").onFailure(over::completeExceptionally);
      long seq = over.get(120, TimeUnit.SECONDS);
      socket.close();
      return seq;
    }

    private static Recorded replay(Vertx vertx, int port, String id, long lastSeq)
        throws Exception {
      CompletableFuture<Void> over = new CompletableFuture<>();
      List<String> frames = new ArrayList<>();
      ClientWebSocket socket = vertx.createWebSocketClient().webSocket();
      socket.textMessageHandler(
          frame -> {
            JsonNode event = json(frame);
            if (event.path("type").asText().equals("authenticated")) {
              socket.writeTextMessage(
                  "{\"type\":\"join_session\",\"sessionId\":\"%s\",\"afterSeq\":0}".formatted(id));
            } else if (event.has("seq") && !over.isDone()) {
              frames.add(frame);
              if (event.path("seq").asLong() >= lastSeq) {
                over.complete(null);
              }
            }
          });
      socket.connect(port, "127.0.0.1", "/ws").onFailure(over::completeExceptionally);
      over.get(60, TimeUnit.SECONDS);
      socket.close();
      return new Recorded(id, lastSeq, frames);
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
