package dev.concert.gateway;

import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A client of the protocol that keeps what it was sent, in order. */
final class TestClient implements AutoCloseable, WebSocket.Listener {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
  private final StringBuilder partial = new StringBuilder();
  final List<JsonNode> seen = new ArrayList<>();
  private WebSocket socket;
  private int requests;

  static TestClient connect(int port) {
    return connect(port, "/ws");
  }

  static TestClient connect(int port, String path) {
    TestClient client = open(port, path);
    client.next("authenticated");
    return client;
  }

  /** Where callers have to authenticate. */
  static TestClient connectOnly(int port) {
    return open(port, "/ws");
  }

  /** A client of version 2 that has authenticated with this token. */
  static TestClient connectAs(int port, String token) {
    TestClient client = open(port, "/ws?protocol=2");
    client.send("{'type':'authenticate','token':'" + token + "'}");
    client.next("authenticated");
    return client;
  }

  /** Sends a request and waits for its reply, or its error. */
  JsonNode request(String json) {
    String id = "r" + requests++;
    send(json.substring(0, json.length() - 1) + ",'requestId':'" + id + "'}");
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (System.nanoTime() < deadline) {
      JsonNode frame = next();
      if (frame.path("requestId").asText().equals(id)) {
        return frame;
      }
    }
    return fail("Nothing answered " + json);
  }

  private static TestClient open(int port, String path) {
    return open(port, path, _ -> {});
  }

  /** With headers or subprotocols of its own. */
  static TestClient open(int port, String path, Consumer<WebSocket.Builder> handshake) {
    TestClient client = new TestClient();
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    handshake.accept(builder);
    client.socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + path), client).join();
    return client;
  }

  /** That the gateway accepted; empty for none. */
  String subprotocol() {
    return socket.getSubprotocol();
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
    // Heartbeats go on while nothing else comes.
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (System.nanoTime() < deadline) {
      JsonNode frame = next();
      if (frame.path("type").asText().equals(type)) {
        return frame;
      }
    }
    return fail("No '" + type + "' came in 2 minutes; seen so far: " + seen);
  }

  JsonNode next() {
    try {
      JsonNode frame = frames.poll(3, TimeUnit.MINUTES);
      if (frame == null) {
        return fail("Nothing came in a minute; seen so far: " + seen);
      }
      seen.add(frame);
      return frame;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Every frame that came, as text. */
  String everything() {
    return seen.toString() + frames;
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
