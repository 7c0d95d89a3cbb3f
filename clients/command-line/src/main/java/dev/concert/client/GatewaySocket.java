package dev.concert.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A connection to a gateway, for a program that does one thing at a time. It reads a frame from the
 * network only when there is room for it, so a slow terminal slows only its own connection.
 */
public final class GatewaySocket implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROOM = 1024;
  private static final int FORBIDDEN = 403;

  /** A server sends something at least every 30 s, a heartbeat if nothing else. */
  private static final Duration SILENCE = Duration.ofSeconds(90);

  private final boolean hasToken;
  private final HttpClient http;
  private final Frames frames;
  private final WebSocket socket;

  private GatewaySocket(HttpClient http, Frames frames, WebSocket socket, boolean hasToken) {
    this.hasToken = hasToken;
    this.http = http;
    this.frames = frames;
    this.socket = socket;
  }

  /**
   * Connects. Blocking, at most 5 s.
   *
   * @param url of the gateway, for example {@code http://127.0.0.1:8080}
   * @param token that shows who the client is; empty for none
   * @throws ClientException when no server answers there, or it refuses this client
   */
  public static GatewaySocket connect(String url, Optional<String> token) {
    HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    Frames frames = new Frames();
    try {
      URI address =
          URI.create(url.replaceFirst("^http", "ws").replaceFirst("/+$", "") + "/ws?protocol=2");
      WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(5));
      token.ifPresent(text -> builder.header("Authorization", "Bearer " + text));
      return new GatewaySocket(
          http, frames, builder.buildAsync(address, frames).join(), token.isPresent());
    } catch (CompletionException | IllegalArgumentException e) {
      http.close();
      if (e.getCause() instanceof WebSocketHandshakeException refusal
          && refusal.getResponse().statusCode() == FORBIDDEN) {
        throw new ClientException(
            "The server at %s does not let you in. Run this as the user who runs the server, or set CONCERT_KEY to an API key of that server."
                .formatted(url));
      }
      throw new ClientException(
          "No Concert server answers at %s. Start one with `concert up`, or correct CONCERT_URL."
              .formatted(url));
    }
  }

  /** Whether the client has shown who it is, so that the server answers with that by itself. */
  boolean hasToken() {
    return hasToken;
  }

  /** A message of this type, to be filled and sent. */
  public static ObjectNode message(String type) {
    return JSON.createObjectNode().put("type", type);
  }

  /**
   * Sends one message. Any thread.
   *
   * @throws ClientException when the connection is closed
   */
  public void send(ObjectNode message) {
    synchronized (socket) {
      try {
        socket.sendText(message.toString(), true).join();
      } catch (CompletionException | IllegalStateException e) {
        throw closed();
      }
    }
  }

  /**
   * The next frame. Blocking.
   *
   * @throws ClientException when the connection is closed, or the server has been silent for longer
   *     than it ever is
   */
  public Frame receive() throws InterruptedException {
    String text = frames.queue.poll(SILENCE.toSeconds(), TimeUnit.SECONDS);
    if (text == null) {
      throw new ClientException(
          "The server has not answered for %d s. If it comes back, the turn is there; use --session to return to it."
              .formatted(SILENCE.toSeconds()));
    }
    if (text.isEmpty()) {
      throw closed();
    }
    try {
      return new Frame(text, JSON.readTree(text));
    } catch (JsonProcessingException e) {
      throw new ClientException("The server sent something that is not JSON.");
    }
  }

  private ClientException closed() {
    return new ClientException(
        "The server closed the connection (%s). The turn continues there; use --session to return to it."
            .formatted(frames.reason));
  }

  /** A frame as text and as JSON. */
  public record Frame(String text, JsonNode json) {}

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }

  private static final class Frames implements WebSocket.Listener {
    private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(ROOM);
    private final StringBuilder partial = new StringBuilder();
    private volatile String reason = "no reason given";

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        put(partial.toString());
        partial.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String why) {
      end(why.isEmpty() ? "code " + code : why);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      end("connection lost");
    }

    private void end(String why) {
      reason = why;
      put("");
    }

    private void put(String frame) {
      try {
        queue.put(frame);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
