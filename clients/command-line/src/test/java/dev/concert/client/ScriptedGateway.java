package dev.concert.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** A gateway that greets and creates sessions as the real one, and then does what a test says. */
final class ScriptedGateway implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SESSION = "{'type':'session_created','session':{'id':'s1'}}";
  private static final String SNAPSHOT = "{'type':'state_snapshot','state':'inactive'}";

  private final Vertx vertx = Vertx.vertx();
  private final List<JsonNode> heard = new CopyOnWriteArrayList<>();
  private final Map<String, BiConsumer<Talk, JsonNode>> script;
  private final HttpServer server;

  /** What the gateway says to one client. */
  interface Talk {
    /** Sends a frame; apostrophes stand for quotation marks. */
    void say(String frame);

    void close(int code, String reason);
  }

  /**
   * @param script what is done on which type of message
   */
  ScriptedGateway(Map<String, BiConsumer<Talk, JsonNode>> script) {
    this.script = script;
    this.server =
        vertx
            .createHttpServer()
            .webSocketHandler(this::greet)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .orTimeout(60, TimeUnit.SECONDS)
            .join();
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /** What clients sent, of one type. */
  List<JsonNode> heard(String type) {
    return heard.stream().filter(one -> one.path("type").asText().equals(type)).toList();
  }

  private void greet(ServerWebSocket socket) {
    Talk talk =
        new Talk() {
          @Override
          public void say(String frame) {
            socket.writeTextMessage(frame.replace('\'', '"'));
          }

          @Override
          public void close(int code, String reason) {
            socket.close((short) code, reason);
          }
        };
    socket.textMessageHandler(text -> hear(talk, text));
    talk.say("{'type':'welcome','requiresAuth':" + script.containsKey("authenticate") + "}");
    talk.say("{'type':'connected'}");
    talk.say("{'type':'authenticated'}");
  }

  private void hear(Talk talk, String text) {
    try {
      JsonNode message = JSON.readTree(text);
      heard.add(message);
      String type = message.path("type").asText();
      script
          .getOrDefault(
              type,
              (to, _) -> {
                switch (type) {
                  case "create_session" -> to.say(SESSION);
                  case "join_session" -> to.say(SNAPSHOT);
                  default -> {
                    // Nothing to say.
                  }
                }
              })
          .accept(talk, message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
