package dev.concert.platform.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A client of the protocol that remembers every frame. */
public final class ProtocolClient implements AutoCloseable {
  public static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Transcript transcript = new Transcript();
  private final AtomicInteger requests = new AtomicInteger();
  private final WebSocket socket;
  private volatile boolean reading = true;

  private ProtocolClient(String url) {
    this.socket =
        http.newWebSocketBuilder()
            .connectTimeout(Duration.ofMinutes(1))
            .buildAsync(URI.create(url.replaceFirst("^http", "ws") + "/ws"), new Recorder())
            .orTimeout(60, TimeUnit.SECONDS)
            .join();
  }

  /** Connects, and waits until the gateway knows who it is. */
  public static ProtocolClient connect(String url) {
    ProtocolClient client = new ProtocolClient(url);
    client.await("authenticated");
    return client;
  }

  /** Connects where everybody signs in. */
  public static ProtocolClient connect(String url, String token) {
    ProtocolClient client = new ProtocolClient(url);
    client.ask("authenticate", Map.of("token", token));
    return client;
  }

  public Transcript transcript() {
    return transcript;
  }

  /** Sends a message and gives the answer to it: the frame with its {@code requestId}. */
  public JsonNode ask(String type, Map<String, ?> fields) {
    String requestId = "r" + requests.incrementAndGet();
    int mark = transcript.size();
    sendText(message(type, fields).put("requestId", requestId).toString());
    return transcript.await(
        "an answer to " + type,
        mark,
        TIMEOUT,
        frame -> frame.path("requestId").asText().equals(requestId));
  }

  /** Sends a message without a {@code requestId}. */
  public void send(String type, Map<String, ?> fields) {
    sendText(message(type, fields).toString());
  }

  /** Sends one text frame as it is. */
  public synchronized void sendText(String text) {
    socket.sendText(text, true).orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static ObjectNode message(String type, Map<String, ?> fields) {
    ObjectNode message = JSON.createObjectNode().put("type", type);
    fields.forEach((name, value) -> message.set(name, JSON.valueToTree(value)));
    return message;
  }

  /** The first frame of this type that ever came. Blocking. */
  public JsonNode await(String type) {
    return await(type, 0, ofType(type));
  }

  /** The first frame from a mark on that fits. Blocking. */
  public JsonNode await(String what, int mark, Predicate<JsonNode> fits) {
    return transcript.await(what, mark, TIMEOUT, fits);
  }

  /** What came of one session, in order. */
  public List<JsonNode> events(String sessionId) {
    return transcript.all().stream()
        .filter(frame -> frame.has("seq"))
        .filter(frame -> frame.path("sessionId").asText().equals(sessionId))
        .toList();
  }

  public static Predicate<JsonNode> ofType(String type) {
    return frame -> frame.path("type").asText().equals(type);
  }

  /** From now on takes nothing from the network. */
  public void stopReading() {
    reading = false;
  }

  /** Takes what the network holds again. */
  public void readOn() {
    reading = true;
    socket.request(1);
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }

  private final class Recorder implements WebSocket.Listener {
    private final StringBuilder partial = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        transcript.add(parse(partial.toString()));
        partial.setLength(0);
      }
      if (reading) {
        from.request(1);
      }
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      transcript.end(code, reason);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      transcript.end(1006, String.valueOf(error));
    }

    private static JsonNode parse(String text) {
      try {
        return JSON.readTree(text);
      } catch (JsonProcessingException e) {
        return JSON.createObjectNode().put("type", "NOT JSON").put("text", text);
      }
    }
  }
}
