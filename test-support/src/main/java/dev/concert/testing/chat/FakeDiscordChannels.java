package dev.concert.testing.chat;

import dev.concert.testing.chat.FakeDiscord.Message;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The channels of a {@link FakeDiscord}, and the interactions in them. Not thread-safe. */
final class FakeDiscordChannels {
  private static final int MAX_CONTENT = 2000;
  private static final int MAX_CUSTOM_ID = 100;
  private static final int MAX_NONCE = 25;

  /** An interaction that waits for its answer. */
  private record Interaction(String channel, String sender, boolean isDeferred) {}

  /** An answer to a call; {@code list} in place of the body where it is a list. */
  record Reply(int status, JsonObject body, JsonArray list) {
    Reply(int status, JsonObject body) {
      this(status, body, null);
    }
  }

  private final List<Message> messages = new ArrayList<>();
  private final Map<String, Message> nonces = new HashMap<>();
  private final Map<String, Interaction> interactions = new HashMap<>();
  private final Set<String> threads = new TreeSet<>();
  private final Set<String> typed = new TreeSet<>();
  private final Map<String, List<JsonObject>> people = new HashMap<>();
  private long ids = 7_000_000;

  String newId() {
    return Long.toString(++ids);
  }

  List<Message> messages() {
    return List.copyOf(messages);
  }

  void expect(String token, String channel, String sender) {
    interactions.put(token, new Interaction(channel, sender, false));
  }

  boolean isTyped(String channel) {
    return typed.contains(channel);
  }

  Reply channel(HttpMethod method, int account, String[] path, JsonObject body) {
    String channel = path[2];
    boolean isThread = threads.contains(channel);
    if (!isThread && !channel.matches("[12]\\d+")) {
      return refused(404, 10003, "Unknown Channel");
    }
    if (path.length == 3) {
      int type = isThread ? 11 : channel.startsWith("1") ? 1 : 0;
      return ok(new JsonObject().put("id", channel).put("type", type));
    }
    if (path.length == 6 && path[5].equals("threads")) {
      return threads.add(path[4])
          ? new Reply(201, thread(path[4], channel, body.getString("name", "")))
          : refused(400, 160004, "A thread has already been created for this message");
    }
    if (path.length == 4 && path[3].equals("typing")) {
      typed.add(channel);
      return new Reply(204, new JsonObject());
    }
    if (method == HttpMethod.GET) {
      return new Reply(200, new JsonObject(), written(channel));
    }
    return method == HttpMethod.POST
        ? post(account, channel, body)
        : edit(account, channel, path[4], body);
  }

  /** A thread of people, with what they said there. */
  void threadOfPeople(String id, List<JsonObject> said) {
    threads.add(id);
    people.put(id, said);
  }

  /** The newest first. */
  private JsonArray written(String channel) {
    JsonArray newest = new JsonArray();
    people.getOrDefault(channel, List.of()).reversed().forEach(newest::add);
    return newest;
  }

  private static JsonObject thread(String id, String parent, String name) {
    return new JsonObject()
        .put("id", id)
        .put("type", 11)
        .put("guild_id", FakeDiscord.GUILD)
        .put("parent_id", parent)
        .put("name", name)
        .put("thread_metadata", new JsonObject().put("archived", false).put("locked", false));
  }

  private Reply post(int account, String channel, JsonObject body) {
    String nonce = body.getString("nonce", "");
    if (nonce.length() > MAX_NONCE) {
      return invalid("nonce", "NONCE_TYPE_INVALID_LENGTH", "Nonce is too long");
    }
    if (body.getBoolean("enforce_nonce", false) && nonces.containsKey(nonce)) {
      return ok(shown(account, nonces.get(nonce)));
    }
    Reply fault = fault(body);
    if (fault != null) {
      return fault;
    }
    Message message = new Message(channel, newId(), body.getString("content"), buttons(body), "");
    messages.add(message);
    if (!nonce.isEmpty()) {
      nonces.put(nonce, message);
    }
    return ok(shown(account, message));
  }

  private static Reply fault(JsonObject body) {
    String content = body.getString("content", "");
    if (content.length() > MAX_CONTENT) {
      return invalid("content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.");
    }
    if (content.isBlank()) {
      return refused(400, 50006, "Cannot send an empty message");
    }
    List<String> buttons = buttons(body);
    if (buttons.stream().anyMatch(id -> id.length() > MAX_CUSTOM_ID)) {
      return invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.");
    }
    return Set.copyOf(buttons).size() == buttons.size()
        ? null
        : invalid(
            "components",
            "COMPONENT_CUSTOM_ID_DUPLICATED",
            "Component custom id cannot be duplicated");
  }

  private Reply edit(int account, String channel, String id, JsonObject body) {
    for (int i = 0; i < messages.size(); i++) {
      Message before = messages.get(i);
      if (before.id().equals(id) && before.channel().equals(channel)) {
        Reply fault = fault(body);
        if (fault != null) {
          return fault;
        }
        Message after =
            new Message(channel, id, body.getString("content"), buttons(body), before.onlyFor());
        messages.set(i, after);
        return ok(shown(account, after));
      }
    }
    return refused(404, 10008, "Unknown Message");
  }

  private static JsonObject shown(int account, Message message) {
    return new JsonObject()
        .put("id", message.id())
        .put("channel_id", message.channel())
        .put("type", 0)
        .put("author", FakeDiscord.bot(account))
        .put("content", message.text())
        .put("timestamp", "2026-01-01T00:00:00.000000+00:00")
        .put("mentions", new JsonArray())
        .put("attachments", new JsonArray())
        .put("embeds", new JsonArray())
        .put("components", new JsonArray());
  }

  Reply callback(String token) {
    Interaction interaction = interactions.get(token);
    if (interaction == null) {
      return refused(404, 10062, "Unknown interaction");
    }
    if (interaction.isDeferred()) {
      return refused(400, 40060, "Interaction has already been acknowledged.");
    }
    interactions.put(token, new Interaction(interaction.channel(), interaction.sender(), true));
    return new Reply(204, new JsonObject());
  }

  Reply answerInteraction(HttpMethod method, String token, JsonObject body) {
    Interaction interaction = interactions.get(token);
    if (interaction == null) {
      return refused(404, 10015, "Unknown Webhook");
    }
    Reply fault = fault(body);
    if (fault != null) {
      return fault;
    }
    String id = method == HttpMethod.PATCH ? "original-" + token : newId();
    messages.removeIf(one -> one.id().equals(id));
    Message message =
        new Message(
            interaction.channel(),
            id,
            body.getString("content"),
            buttons(body),
            interaction.sender());
    messages.add(message);
    return ok(shown(1, message));
  }

  private static List<String> buttons(JsonObject body) {
    List<String> buttons = new ArrayList<>();
    for (Object row : body.getJsonArray("components", new JsonArray())) {
      for (Object one : ((JsonObject) row).getJsonArray("components", new JsonArray())) {
        buttons.add(((JsonObject) one).getString("custom_id"));
      }
    }
    return buttons;
  }

  static Reply ok(JsonObject body) {
    return new Reply(200, body);
  }

  static Reply refused(int status, int code, String message) {
    return new Reply(status, new JsonObject().put("message", message).put("code", code));
  }

  static Reply invalid(String field, String code, String message) {
    JsonObject error = new JsonObject().put("code", code).put("message", message);
    return new Reply(
        400,
        new JsonObject()
            .put("message", "Invalid Form Body")
            .put("code", 50035)
            .put(
                "errors",
                new JsonObject()
                    .put(field, new JsonObject().put("_errors", new JsonArray().add(error)))));
  }
}
