package dev.concert.bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A Telegram that takes everything at once, and knows the last message of each chat. */
final class PlayedChat {
  private final HttpServer server;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<String, String> last = new ConcurrentHashMap<>();
  private final Map<String, Integer> drafts = new ConcurrentHashMap<>();

  PlayedChat(Vertx vertx) {
    server = vertx.createHttpServer().requestHandler(this::answer);
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /** The newest text of a chat; empty for none. */
  String last(long chat) {
    return last.getOrDefault(Long.toString(chat), "");
  }

  /** How often a growing text was updated in a chat. */
  int drafts(long chat) {
    return drafts.getOrDefault(Long.toString(chat), 0);
  }

  private void answer(HttpServerRequest request) {
    String method = request.path().substring(request.path().lastIndexOf('/') + 1);
    request
        .body()
        .onSuccess(
            body -> {
              JsonObject result =
                  method.equals("getMe")
                      ? new JsonObject()
                          .put("id", 1001)
                          .put("is_bot", true)
                          .put("username", "bench_bot")
                      : taken(method, new JsonObject(body));
              request
                  .response()
                  .putHeader("Content-Type", "application/json")
                  .end(new JsonObject().put("ok", true).put("result", result).encode());
            });
  }

  private JsonObject taken(String method, JsonObject message) {
    String chat = String.valueOf(message.getValue("chat_id"));
    String text = message.getString("text");
    if (method.equals("sendMessageDraft")) {
      drafts.merge(chat, 1, Integer::sum);
    } else if (text != null) {
      last.put(chat, text);
    }
    return new JsonObject()
        .put("message_id", message.getLong("message_id", numbers.incrementAndGet()));
  }
}
