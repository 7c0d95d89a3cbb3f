package dev.concert.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/**
 * A person who has a session of the echo agent and sends one message after the other: how long each
 * turn takes, from the request to the frame that says that the turn is complete. Blocking.
 */
final class TimedTurns implements AutoCloseable {
  private static final int LONGEST_SECONDS = 120;
  private static final long HIGHEST_NS = 120_000_000_000L;

  private final Vertx vertx = Vertx.vertx();

  /** Keeps a reference: Vert.x closes a client and its sockets once it is unreachable. */
  private final WebSocketClient client = vertx.createWebSocketClient();

  private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
  private final ClientWebSocket socket = client.webSocket();
  private final String session;

  /** Connects, and makes a session. */
  TimedTurns(int port) throws Exception {
    // The handler comes before the connection: the gateway speaks first.
    socket.textMessageHandler(frame -> frames.add(json(frame)));
    socket
        .connect(port, "127.0.0.1", "/ws")
        .toCompletionStage()
        .toCompletableFuture()
        .get(LONGEST_SECONDS, TimeUnit.SECONDS);
    await("authenticated");
    socket.writeTextMessage(
        "{\"type\":\"create_session\",\"agentType\":\"echo\",\"requestId\":\"mine\"}");
    JsonNode created = await("session_created");
    // All members get an event for each new session; only the author's has the request id.
    while (!created.has("requestId")) {
      created = await("session_created");
    }
    session = created.path("session").path("id").asText();
    socket.writeTextMessage("{\"type\":\"join_session\",\"sessionId\":\"%s\"}".formatted(session));
    await("state_snapshot");
  }

  /**
   * Runs turns.
   *
   * @param everyMs when the next begins after the one before began; at once where that took longer
   */
  Histogram run(int turns, long everyMs) throws Exception {
    Histogram times = new Histogram(HIGHEST_NS, 3);
    for (int i = 0; i < turns; i++) {
      long begun = System.nanoTime();
      socket.writeTextMessage(
          "{\"type\":\"run_turn\",\"sessionId\":\"%s\",\"text\":\"hello\"}".formatted(session));
      await("turn_complete");
      long took = System.nanoTime() - begun;
      times.recordValue(Math.min(took, HIGHEST_NS));
      TimeUnit.MILLISECONDS.sleep(Math.max(0, everyMs - took / 1_000_000));
    }
    return times;
  }

  private JsonNode await(String type) throws InterruptedException, TimeoutException {
    while (true) {
      JsonNode frame = frames.poll(LONGEST_SECONDS, TimeUnit.SECONDS);
      if (frame == null) {
        throw new TimeoutException("No " + type + " came");
      }
      String is = frame.path("type").asText();
      if (is.equals(type)) {
        return frame;
      }
      if (is.equals("error") || is.equals("turn_error")) {
        throw new IllegalStateException(frame.toString());
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

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
