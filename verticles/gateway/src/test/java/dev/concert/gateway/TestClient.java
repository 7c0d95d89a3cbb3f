package dev.concert.gateway;

import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bus.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of the protocol that keeps what it was sent, in order. */
final class TestClient implements AutoCloseable, WebSocket.Listener {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
  private final StringBuilder partial = new StringBuilder();
  private final List<JsonNode> seen = new ArrayList<>();
  private WebSocket socket;

  static TestClient connect(int port) {
    TestClient client = new TestClient();
    client.socket =
        HTTP.newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws"), client)
            .join();
    client.next("authenticated");
    return client;
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      try {
        frames.add(Json.MAPPER.readTree(partial.toString()));
      } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
        throw new AssertionError("The gateway sent no JSON: " + partial, e);
      }
      partial.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    frames.add(Json.MAPPER.createObjectNode().put("type", "closed").put("code", code));
    return null;
  }

  /** Sends {@code {'type':'ping'}}, with single quotes for double ones. */
  void send(String json) {
    socket.sendText(json.replace('\'', '"'), true).join();
  }

  void send(ObjectNode message) {
    socket.sendText(message.toString(), true).join();
  }

  /** The next frame of this type; those before it are kept in {@link #seen}. */
  JsonNode next(String type) {
    while (true) {
      JsonNode frame = next();
      if (frame.path("type").asText().equals(type)) {
        return frame;
      }
    }
  }

  JsonNode next() {
    try {
      JsonNode frame = frames.poll(10, TimeUnit.SECONDS);
      if (frame == null) {
        return fail("Nothing came in 10 s; seen so far: " + seen);
      }
      seen.add(frame);
      return frame;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Every frame so far that has a place in a session. */
  List<JsonNode> events() {
    return seen.stream().filter(frame -> frame.has("seq")).toList();
  }

  String createSession() {
    send("{'type':'create_session','agentType':'echo'}");
    return next("session_created").path("session").path("id").asText();
  }

  void join(String session) {
    send("{'type':'join_session','sessionId':'" + session + "'}");
    next("state_snapshot");
  }

  String runTurn(String session, String text) {
    send("{'type':'run_turn','sessionId':'" + session + "','text':'" + text + "'}");
    return next("turn_started").path("turnId").asText();
  }

  @Override
  public void close() {
    socket.abort();
  }
}
