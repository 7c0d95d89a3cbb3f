package dev.concert.testing.chat;

import dev.concert.testing.chat.FakeGoogleChat.Message;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The messages of Google Chat's spaces. A space whose name has "gone" in it is none. */
final class FakeGoogleSpaces {
  private static final int MAX_TEXT = 4096;
  private static final int MAX_BYTES = 32_000;

  record Reply(int status, JsonObject body) {}

  private final List<Message> messages = new ArrayList<>();
  private final Map<String, String> byRequest = new HashMap<>();
  private int ids;

  List<Message> messages() {
    return List.copyOf(messages);
  }

  /**
   * @param path without the version
   */
  Reply call(HttpMethod method, String path, MultiMap query, JsonObject body) {
    String[] parts = path.split("/");
    if (parts.length == 1) {
      return new Reply(200, new JsonObject().put("spaces", new JsonArray()));
    }
    String space = parts[0] + "/" + parts[1];
    if (space.contains("gone")) {
      return refused(404, "NOT_FOUND", "Space not found.");
    }
    if (body.getString("text", "").length() > MAX_TEXT
        || body.encode().getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      return refused(400, "INVALID_ARGUMENT", "Message cannot be created: it is too long.");
    }
    if (parts.length == 3) {
      return create(space, query, body);
    }
    return method == HttpMethod.GET ? get(path) : update(path, query, body);
  }

  private Reply create(String space, MultiMap query, JsonObject body) {
    String request = query.get("requestId");
    if (request != null && byRequest.containsKey(space + request)) {
      return get(byRequest.get(space + request));
    }
    String id = query.get("messageId");
    if (id != null && !id.matches("client-[a-z0-9-]{1,56}")) {
      return refused(400, "INVALID_ARGUMENT", "Invalid message ID.");
    }
    String name = space + "/messages/" + (id == null ? "M" + ++ids + ".M" + ids : id);
    if (messages.stream().anyMatch(one -> one.name().equals(name))) {
      return refused(409, "ALREADY_EXISTS", "The requested entity already exists.");
    }
    if (body.getString("text", "").isEmpty()) {
      return refused(400, "INVALID_ARGUMENT", "Message cannot be empty.");
    }
    boolean isReply = query.contains("messageReplyOption");
    String thread = body.getJsonObject("thread", new JsonObject()).getString("name", "");
    messages.add(
        new Message(
            space,
            isReply && !thread.isEmpty() ? thread : space + "/threads/T" + ++ids,
            name,
            body.getString("text"),
            buttons(body),
            body.getJsonObject("privateMessageViewer", new JsonObject()).getString("name")));
    if (request != null) {
      byRequest.put(space + request, name);
    }
    return get(name);
  }

  private Reply get(String name) {
    return messages.stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .map(FakeGoogleSpaces::shown)
        .orElseGet(() -> refused(404, "NOT_FOUND", "Message not found."));
  }

  private static Reply shown(Message message) {
    return new Reply(
        200,
        new JsonObject()
            .put("name", message.name())
            .put("text", message.text())
            .put("space", new JsonObject().put("name", message.space()))
            .put("thread", new JsonObject().put("name", message.thread()))
            .put("sender", new JsonObject().put("name", "users/1").put("type", "BOT")));
  }

  private Reply update(String name, MultiMap query, JsonObject body) {
    String mask = query.get("updateMask");
    if (mask == null) {
      return refused(400, "INVALID_ARGUMENT", "Invalid update mask provided.");
    }
    for (int i = 0; i < messages.size(); i++) {
      Message before = messages.get(i);
      if (before.name().equals(name)) {
        messages.set(
            i,
            new Message(
                before.space(),
                before.thread(),
                name,
                mask.contains("text") ? body.getString("text", "") : before.text(),
                mask.contains("cardsV2") ? buttons(body) : before.buttons(),
                before.onlyFor()));
        return get(name);
      }
    }
    return refused(404, "NOT_FOUND", "Message not found.");
  }

  private static List<String> buttons(JsonObject body) {
    List<String> values = new ArrayList<>();
    for (Object card : body.getJsonArray("cardsV2", new JsonArray())) {
      JsonObject shown = ((JsonObject) card).getJsonObject("card");
      for (Object section : shown.getJsonArray("sections")) {
        for (Object widget : ((JsonObject) section).getJsonArray("widgets")) {
          JsonArray buttons =
              ((JsonObject) widget).getJsonObject("buttonList").getJsonArray("buttons");
          buttons.forEach(button -> values.add(value((JsonObject) button)));
        }
      }
    }
    return values;
  }

  private static String value(JsonObject button) {
    return button
        .getJsonObject("onClick")
        .getJsonObject("action")
        .getJsonArray("parameters")
        .getJsonObject(0)
        .getString("value");
  }

  static Reply refused(int status, String code, String message) {
    return new Reply(
        status,
        new JsonObject()
            .put(
                "error",
                new JsonObject().put("code", status).put("message", message).put("status", code)));
  }
}
