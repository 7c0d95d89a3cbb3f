package dev.concert.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A new session of the echo agent which has had a turn, so that its workspace is mounted. */
final class AwakeSession {
  private final ClientWebSocket socket;
  private final CompletableFuture<String> awake = new CompletableFuture<>();
  private String id = "";

  private AwakeSession(ClientWebSocket socket) {
    this.socket = socket;
  }

  /** Answers with its id. */
  static String of(int port) throws Exception {
    Vertx vertx = Vertx.vertx();
    WebSocketClient client = vertx.createWebSocketClient();
    try {
      // The handler comes before the connection: the gateway speaks first.
      ClientWebSocket socket = client.webSocket();
      AwakeSession session = new AwakeSession(socket);
      socket.textMessageHandler(session::heard);
      socket
          .connect(port, "127.0.0.1", "/ws")
          .toCompletionStage()
          .toCompletableFuture()
          .get(30, TimeUnit.SECONDS);
      return session.awake.get(60, TimeUnit.SECONDS);
    } finally {
      client.close();
      vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  private void heard(String frame) {
    JsonNode event = json(frame);
    switch (event.path("type").asText()) {
      case "authenticated" ->
          socket.writeTextMessage(
              "{\"type\":\"create_session\",\"agentType\":\"echo\",\"requestId\":\"mine\"}");
      case "session_created" -> {
        id = event.path("session").path("id").asText();
        socket.writeTextMessage("{\"type\":\"join_session\",\"sessionId\":\"%s\"}".formatted(id));
      }
      case "state_snapshot" ->
          socket.writeTextMessage(
              "{\"type\":\"run_turn\",\"sessionId\":\"%s\",\"text\":\"hello\"}".formatted(id));
      case "turn_complete" -> awake.complete(id);
      case "error", "turn_error" -> awake.completeExceptionally(new IllegalStateException(frame));
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
