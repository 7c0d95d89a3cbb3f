package dev.concert.testing.chat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Telegram's Bot API, as far as bridges use it; source: https://core.telegram.org/bots/api. */
public final class FakeTelegram implements AutoCloseable {
  private static final int MAX_TEXT = 4096;
  private static final int MAX_DATA = 64;
  private static final Map<String, Long> BOTS =
      Map.of("1001:played-token", 1001L, "1002:played-token", 1002L);

  /** What goes wrong with the next message. */
  public enum Fault {
    RATE_LIMITED,
    /** Without the parameter that says for how long. */
    RATE_LIMITED_WITHOUT_TIME,
    SERVER_ERROR,
    CUT_BEFORE,
    CUT_AFTER,
    /** It is taken, and there is no answer. */
    HELD,
    /** Nothing is done, and there is no answer. */
    HELD_BEFORE
  }

  /** A message that the people of a chat see. A draft has no id. */
  public record Message(String chat, long id, String text, List<String> buttons) {}

  private final Vertx vertx = Vertx.vertx();
  private final PlayedFiles files = new PlayedFiles();
  private final HttpServer server;
  private final List<Message> messages = new ArrayList<>();
  private final Map<String, Message> drafts = new LinkedHashMap<>();
  private boolean takesDrafts = true;
  private final Deque<Fault> faults = new ArrayDeque<>();
  private Optional<Runnable> held = Optional.empty();
  private final Set<String> revoked = new HashSet<>();
  private final Set<String> typed = new HashSet<>();
  private int sent;
  private final Map<String, FakeTelegramUpdates> updates = new HashMap<>();

  public FakeTelegram() {
    BOTS.keySet()
        .forEach(
            token -> updates.put(token, new FakeTelegramUpdates(vertx, this, FakeTelegram::send)));
    server = vertx.createHttpServer().requestHandler(this::handle);
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
  }

  public URI api() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** The token of one of the two bots, from 1. */
  public static String token(int bot) {
    return "100%d:played-token".formatted(bot);
  }

  /** The name of a bot. */
  public static String name(int bot) {
    return "played_100%d_bot".formatted(bot);
  }

  /** Whether somebody waits for an answer that does not come. */
  public synchronized boolean isHeld() {
    return held.isPresent();
  }

  /** The answer comes after all. */
  public synchronized void answerNow() {
    held.orElseThrow().run();
  }

  public synchronized void fail(Fault fault) {
    faults.add(fault);
  }

  /** The token of a bot is taken away, or is good again. */
  public synchronized void revoke(int bot, boolean isRevoked) {
    if (isRevoked) {
      revoked.add(token(bot));
    } else {
      revoked.remove(token(bot));
    }
  }

  /** How often somebody wanted to send a message. */
  public synchronized int sent() {
    return sent;
  }

  /** What people see now, with the drafts. */
  public synchronized List<Message> messages() {
    List<Message> seen = new ArrayList<>(messages);
    seen.addAll(drafts.values());
    return seen;
  }

  /** Whether people of a chat see a draft. */
  public synchronized boolean isDrafted(String chat) {
    return drafts.containsKey(chat);
  }

  /** Half a minute is over. */
  public synchronized void forgetDrafts() {
    drafts.clear();
  }

  /** The bots may not show drafts. */
  public synchronized void refuseDrafts() {
    takesDrafts = false;
  }

  /** Something happens in a chat of a bot; it is kept until the bot has fetched it. */
  public synchronized void update(int bot, JsonObject update) {
    updates.get(token(bot)).add(update);
  }

  /** Whether a bot waits for updates now. */
  public synchronized boolean isFetched(int bot) {
    return updates.get(token(bot)).isFetched();
  }

  /** Somebody sets a webhook for a bot. */
  public synchronized void setWebhook(int bot) {
    updates.get(token(bot)).webhook(true);
  }

  private void handle(HttpServerRequest request) {
    if (request.path().startsWith("/file/bot")) {
      files.give(request, BOTS.containsKey(request.path().split("/")[2].replaceFirst("^bot", "")));
      return;
    }
    String[] path = request.path().split("/", 3);
    if (PlayedFiles.isForm(request)) {
      String token = path[1].replaceFirst("^bot", "");
      PlayedFiles.form(request).onSuccess(form -> document(request, token, form));
      return;
    }
    request
        .body()
        .onSuccess(
            body ->
                answer(
                    request,
                    path[1].replaceFirst("^bot", ""),
                    path.length == 3 ? path[2] : "",
                    body.length() == 0 ? new JsonObject() : body.toJsonObject()));
  }

  private synchronized void document(
      HttpServerRequest request, String token, PlayedFiles.Form form) {
    if (!BOTS.containsKey(token) || form.files().size() != 1) {
      send(request, error(400, "Bad Request: there is no document in the request"));
      return;
    }
    form.files()
        .forEach((name, content) -> files.received(form.fields().get("chat_id"), name, content));
    send(request, ok(new JsonObject().put("message_id", 100_000 + files.received().size())));
  }

  /** Whether people of a chat saw that an answer is under way. */
  public synchronized boolean isTyped(String chat) {
    return typed.contains(chat);
  }

  /** What people sent, and got. */
  public PlayedFiles files() {
    return files;
  }

  private synchronized void answer(
      HttpServerRequest request, String token, String method, JsonObject parameters) {
    sent += method.equals("sendMessage") ? 1 : 0;
    if (!BOTS.containsKey(token) || revoked.contains(token)) {
      send(request, error(401, "Unauthorized"));
      return;
    }
    if (method.equals("getUpdates")) {
      updates.get(token).fetch(request, parameters);
      return;
    }
    Fault fault = method.equals("sendMessage") ? faults.poll() : null;
    switch (fault) {
      case RATE_LIMITED ->
          send(
              request,
              error(429, "Too Many Requests: retry after 1")
                  .put("parameters", new JsonObject().put("retry_after", 1)));
      case RATE_LIMITED_WITHOUT_TIME -> send(request, error(429, "Too Many Requests"));
      case SERVER_ERROR -> request.response().setStatusCode(502).end("<html>Bad Gateway</html>");
      case CUT_BEFORE -> request.connection().close();
      case CUT_AFTER -> {
        reply(token, method, parameters);
        request.connection().close();
      }
      case HELD -> {
        JsonObject reply = reply(token, method, parameters);
        held = Optional.of(() -> send(request, reply));
      }
      case HELD_BEFORE -> held = Optional.of(() -> request.connection().close());
      case null -> send(request, reply(token, method, parameters));
    }
  }

  private JsonObject reply(String token, String method, JsonObject parameters) {
    return switch (method) {
      case "getMe" ->
          ok(
              new JsonObject()
                  .put("id", BOTS.get(token))
                  .put("is_bot", true)
                  .put("first_name", "Played")
                  .put("username", "played_%d_bot".formatted(BOTS.get(token))));
      case "deleteWebhook" -> {
        updates.get(token).webhook(false);
        yield new JsonObject().put("ok", true).put("result", true);
      }
      case "getFile" ->
          ok(new JsonObject().put("file_path", "documents/" + parameters.getString("file_id")));
      case "sendChatAction" -> {
        typed.add(String.valueOf(parameters.getValue("chat_id")));
        yield new JsonObject().put("ok", true).put("result", true);
      }
      case "sendMessageDraft" -> draft(parameters);
      case "sendMessage" -> post(parameters);
      case "editMessageText" -> edit(parameters);
      default -> error(404, "Not Found");
    };
  }

  /** The next message takes the place of a draft. */
  private JsonObject draft(JsonObject parameters) {
    String chat = String.valueOf(parameters.getValue("chat_id"));
    String text = parameters.getString("text", "");
    if (chat.startsWith("-") || !takesDrafts) {
      return error(400, "Bad Request: TEXTDRAFT_PEER_INVALID");
    }
    if (parameters.getLong("draft_id", 0L) == 0) {
      return error(400, "Bad Request: RANDOM_ID_INVALID");
    }
    if (text.length() > MAX_TEXT) {
      return error(400, "Bad Request: message is too long");
    }
    drafts.put(chat, new Message(chat, 0, text, List.of()));
    return new JsonObject().put("ok", true).put("result", true);
  }

  private JsonObject post(JsonObject parameters) {
    String text = parameters.getString("text", "");
    List<String> buttons = buttons(parameters);
    if (text.isBlank()) {
      return error(400, "Bad Request: message text is empty");
    }
    if (text.length() > MAX_TEXT) {
      return error(400, "Bad Request: message is too long");
    }
    if (buttons.stream().anyMatch(data -> data.length() > MAX_DATA)) {
      return error(400, "Bad Request: BUTTON_DATA_INVALID");
    }
    Message message =
        new Message(
            String.valueOf(parameters.getValue("chat_id")), messages.size() + 1, text, buttons);
    messages.add(message);
    drafts.remove(message.chat());
    return ok(
        new JsonObject()
            .put("message_id", message.id())
            .put("date", 1_700_000_000)
            .put(
                "chat",
                new JsonObject().put("id", Long.parseLong(message.chat())).put("type", "private"))
            .put("text", text));
  }

  private JsonObject edit(JsonObject parameters) {
    long id = parameters.getLong("message_id");
    for (int i = 0; i < messages.size(); i++) {
      Message before = messages.get(i);
      if (before.id() == id
          && before.chat().equals(String.valueOf(parameters.getValue("chat_id")))) {
        Message after =
            new Message(before.chat(), id, parameters.getString("text"), buttons(parameters));
        if (after.equals(before)) {
          return error(400, "Bad Request: message is not modified");
        }
        messages.set(i, after);
        return ok(new JsonObject().put("message_id", id));
      }
    }
    return error(400, "Bad Request: message to edit not found");
  }

  private static List<String> buttons(JsonObject parameters) {
    List<String> buttons = new ArrayList<>();
    JsonArray rows =
        parameters
            .getJsonObject("reply_markup", new JsonObject())
            .getJsonArray("inline_keyboard", new JsonArray());
    for (Object row : rows) {
      ((JsonArray) row).forEach(one -> buttons.add(((JsonObject) one).getString("callback_data")));
    }
    return buttons;
  }

  private static JsonObject ok(JsonObject result) {
    return new JsonObject().put("ok", true).put("result", result);
  }

  static JsonObject error(int code, String description) {
    return new JsonObject()
        .put("ok", false)
        .put("error_code", code)
        .put("description", description);
  }

  private static void send(HttpServerRequest request, JsonObject body) {
    request
        .response()
        .setStatusCode(body.getInteger("error_code", 200))
        .putHeader("Content-Type", "application/json")
        .end(body.encode());
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
