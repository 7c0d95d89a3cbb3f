package dev.concert.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.json.Json;
import io.vertx.core.http.WebSocket;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Clients of which each creates a session, joins it and runs one long turn of the agent {@code
 * stream} in it.
 */
final class StreamTurns {
  private final StartLimiter starts = new StartLimiter();
  private final String text;
  private final CountDownLatch running;

  /**
   * @param text for the agent: deltas a second, and for how many seconds
   */
  StreamTurns(int count, String text) {
    this.text = text;
    this.running = new CountDownLatch(count);
  }

  /** Waits until all turns run. */
  void awaitRunning() throws IOException, InterruptedException {
    if (!running.await(40, TimeUnit.MINUTES)) {
      throw new IOException("So many sessions do not run: " + running.getCount());
    }
  }

  void receive(WebSocket socket, String frame) {
    JsonNode event = json(frame);
    switch (event.path("type").asText()) {
      case "authenticated" -> create(socket);
      case "session_created" -> {
        // Everybody of the tenant is told of every session; only the author's event carries the
        // request.
        if (event.has("requestId")) {
          starts.done();
          socket.writeTextMessage(
              "{\"type\":\"join_session\",\"sessionId\":%s}"
                  .formatted(event.path("session").path("id")));
        }
      }
      case "state_snapshot" -> run(socket, event.path("session").path("id"));
      case "session_state" -> {
        if (event.path("state").asText().equals("running")) {
          running.countDown();
          starts.done();
        }
      }
      case "error" -> {
        System.err.println(frame);
        if (event.path("requestId").asText().equals("mine")) {
          starts.done();
          create(socket);
        }
      }
      case "turn_error" -> {
        System.err.println(frame);
        // Its agent did not start in time, beside so many others.
        if (event.path("code").asText().equals("TIMEOUT")) {
          starts.done();
          run(socket, event.path("sessionId"));
        }
      }
      default -> {
        // Nothing to do.
      }
    }
  }

  private void run(WebSocket socket, JsonNode sessionId) {
    starts.ask(
        () ->
            socket.writeTextMessage(
                "{\"type\":\"run_turn\",\"sessionId\":%s,\"text\":\"%s\"}"
                    .formatted(sessionId, text)));
  }

  private void create(WebSocket socket) {
    starts.ask(
        () ->
            socket.writeTextMessage(
                "{\"type\":\"create_session\",\"agentType\":\"stream\",\"requestId\":\"mine\"}"));
  }

  private static JsonNode json(String frame) {
    try {
      return Json.MAPPER.readTree(frame);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The gateway sent no JSON", e);
    }
  }
}
