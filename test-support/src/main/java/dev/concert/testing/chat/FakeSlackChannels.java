package dev.concert.testing.chat;

import dev.concert.testing.chat.FakeSlack.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The messages of a {@link FakeSlack}, by channel. Guarded by the latter. */
final class FakeSlackChannels {
  private static final int MAX_POST = 40_000;
  private static final int MAX_UPDATE = 4000;

  private final Supplier<String> times;
  private final Map<String, List<JsonObject>> channels = new HashMap<>();

  FakeSlackChannels(Supplier<String> times) {
    this.times = times;
  }

  List<Message> messages() {
    List<Message> all = new ArrayList<>();
    channels.forEach(
        (channel, messages) ->
            messages.stream()
                .filter(one -> one.containsKey("bot_id"))
                .forEach(
                    one ->
                        all.add(
                            new Message(
                                channel,
                                one.getString("thread_ts", ""),
                                one.getString("ts"),
                                one.getString("text"),
                                one.getJsonArray("blocks"),
                                one.getString("only_for", "")))));
    return all;
  }

  void written(String channel, String thread, String user, String text) {
    channels
        .computeIfAbsent(channel, _ -> new ArrayList<>())
        .add(
            new JsonObject()
                .put("user", user)
                .put("text", text)
                .put("ts", times.get())
                .put("thread_ts", thread));
  }

  JsonObject post(Map<String, String> fields) {
    String text = fields.getOrDefault("text", "");
    if (!isChannel(fields.get("channel"))) {
      return FakeSlack.error("channel_not_found");
    }
    if (text.isEmpty() && fields.getOrDefault("blocks", "[]").equals("[]")) {
      return FakeSlack.error("no_text");
    }
    JsonObject message = add(fields, text.substring(0, Math.min(text.length(), MAX_POST)));
    return FakeSlack.ok()
        .put("channel", fields.get("channel"))
        .put("ts", message.getString("ts"))
        .put("message", message);
  }

  /** A new message of the bot. */
  JsonObject add(Map<String, String> fields, String text) {
    JsonObject message = message(fields, text);
    channels.computeIfAbsent(fields.get("channel"), _ -> new ArrayList<>()).add(message);
    return message;
  }

  Optional<JsonObject> find(String channel, String ts) {
    return in(channel).filter(one -> one.getString("ts").equals(ts)).findFirst();
  }

  Stream<JsonObject> in(String channel) {
    return channels.getOrDefault(channel, List.of()).stream();
  }

  Stream<JsonObject> all() {
    return channels.values().stream().flatMap(List::stream);
  }

  JsonObject postEphemeral(Map<String, String> fields) {
    if (fields.getOrDefault("user", "").isEmpty()) {
      return FakeSlack.invalid("[ERROR] missing required field: user");
    }
    JsonObject reply = post(fields);
    if (!reply.getBoolean("ok")) {
      return reply;
    }
    channels.get(fields.get("channel")).getLast().put("only_for", fields.get("user"));
    return FakeSlack.ok().put("message_ts", reply.getString("ts"));
  }

  private JsonObject message(Map<String, String> fields, String text) {
    JsonObject message =
        new JsonObject()
            .put("type", "message")
            .put("user", FakeSlack.BOT)
            .put("bot_id", "B0BOT")
            .put("text", text)
            .put("ts", times.get())
            .put("blocks", new JsonArray(fields.getOrDefault("blocks", "[]")));
    if (fields.containsKey("thread_ts")) {
      message.put("thread_ts", fields.get("thread_ts"));
    }
    if (fields.containsKey("metadata")) {
      message.put("metadata", new JsonObject(fields.get("metadata")));
    }
    return message;
  }

  JsonObject update(Map<String, String> fields) {
    String text = fields.getOrDefault("text", "");
    if (!isChannel(fields.get("channel"))) {
      return FakeSlack.error("channel_not_found");
    }
    if (text.length() > MAX_UPDATE) {
      return FakeSlack.error("msg_too_long");
    }
    for (JsonObject one : channels.getOrDefault(fields.get("channel"), List.of())) {
      if (one.getString("ts").equals(fields.get("ts")) && !one.containsKey("only_for")) {
        if (one.containsKey(FakeSlackStreams.STREAM)) {
          return FakeSlack.error("streaming_state_conflict");
        }
        one.put("text", text).put("blocks", new JsonArray(fields.getOrDefault("blocks", "[]")));
        if (fields.containsKey("metadata")) {
          one.put("metadata", new JsonObject(fields.get("metadata")));
        }
        return FakeSlack.ok()
            .put("channel", fields.get("channel"))
            .put("ts", fields.get("ts"))
            .put("text", text);
      }
    }
    return FakeSlack.error("message_not_found");
  }

  JsonObject list(Map<String, String> fields) {
    if (!isChannel(fields.get("channel"))) {
      return FakeSlack.error("channel_not_found");
    }
    JsonArray found = new JsonArray();
    for (JsonObject one : channels.getOrDefault(fields.get("channel"), List.of())) {
      boolean isIn =
          !fields.containsKey("ts") || fields.get("ts").equals(one.getString("thread_ts"));
      if (isIn && !one.containsKey("only_for")) {
        JsonObject shown = one.copy();
        shown.remove(FakeSlackStreams.STREAM);
        if (!"true".equals(fields.get("include_all_metadata"))) {
          shown.remove("metadata");
        }
        found.add(shown);
      }
    }
    return FakeSlack.ok().put("messages", found).put("has_more", false);
  }

  static boolean isChannel(String channel) {
    return channel != null && channel.matches("[CDG][A-Z0-9]+") && !channel.equals("C0GONE");
  }
}
