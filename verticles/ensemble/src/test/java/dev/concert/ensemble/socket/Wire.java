package dev.concert.ensemble.socket;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of the WebSocket. */
public final class Wire implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();

  // Held: Vert.x closes a client that nobody holds.
  private final WebSocketClient client = vertx.createWebSocketClient();
  private final WebSocket socket;
  private final BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();

  /**
   * @throws io.vertx.core.http.UpgradeRejectedException where it is not let in
   */
  public Wire(int port, Optional<String> key) {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI("/api/v1/ws");
    key.ifPresent(text -> options.addHeader("Authorization", "Bearer " + text));
    socket =
        RunningEnsemble.await(
            client
                .connect(options)
                .onSuccess(
                    open -> open.textMessageHandler(text -> heard.add(EnsembleClient.json(text)))));
  }

  public Wire say(String json) {
    RunningEnsemble.await(socket.writeTextMessage(json.replace('\'', '"')));
    return this;
  }

  Wire ask(String id) {
    return say(
        "{'type':'request','request_id':'%s','model':'real','messages':[{'role':'user','content':'hi'}]}"
            .formatted(id));
  }

  /** The next message; waits 10 s at most. */
  public JsonNode next() {
    try {
      JsonNode message = heard.poll(3, TimeUnit.MINUTES);
      if (message == null) {
        throw new AssertionError("Nothing was said within 10 s");
      }
      return message;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The next message of this type, whatever comes before it. */
  JsonNode next(String type) {
    JsonNode message = next();
    while (!message.path("type").asText().equals(type)) {
      message = next();
    }
    return message;
  }

  List<JsonNode> heard() {
    return List.copyOf(heard);
  }

  void readNothing() {
    socket.pause();
  }

  boolean isClosed() {
    return socket.isClosed();
  }

  short closeCode() {
    return socket.closeStatusCode();
  }

  void hangUp() {
    socket.close();
  }

  @Override
  public void close() {
    RunningEnsemble.await(vertx.close());
  }
}
