package dev.concert.testing.chat;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Messages of a {@link FakeSlack} that grow; source:
 * https://docs.slack.dev/reference/methods/chat.startStream. Guarded by the latter.
 */
final class FakeSlackStreams {
  static final Map<String, Set<String>> FIELDS =
      Map.of(
          "chat.startStream",
          Set.of(
              "channel",
              "thread_ts",
              "recipient_user_id",
              "recipient_team_id",
              "markdown_text",
              "chunks",
              "task_display_mode"),
          "chat.appendStream",
          Set.of("channel", "ts", "markdown_text", "chunks"),
          "chat.stopStream",
          Set.of("channel", "ts", "markdown_text", "chunks", "blocks", "metadata"));

  /** What a message has as long as it grows: whether it takes chunks. */
  static final String STREAM = "played_stream";

  private static final int MAX_CHUNK = 12_000;

  private final FakeSlackChannels channels;
  private final Set<String> closed = new HashSet<>();

  FakeSlackStreams(FakeSlackChannels channels) {
    this.channels = channels;
  }

  /** A channel takes no streams. */
  void close(String channel) {
    closed.add(channel);
  }

  JsonObject answer(String method, Map<String, String> fields) {
    if (!FakeSlackChannels.isChannel(fields.get("channel"))) {
      return FakeSlack.error("channel_not_found");
    }
    return method.equals("chat.startStream") ? start(fields) : goOn(method, fields);
  }

  private JsonObject start(Map<String, String> fields) {
    if (closed.contains(fields.get("channel"))) {
      return FakeSlack.error("channel_type_not_supported");
    }
    if (!fields.containsKey("thread_ts")) {
      return FakeSlack.invalid("[ERROR] missing required field: thread_ts");
    }
    if (!fields.containsKey("recipient_team_id")) {
      return FakeSlack.error("missing_recipient_team_id");
    }
    if (!fields.containsKey("recipient_user_id")) {
      return FakeSlack.error("missing_recipient_user_id");
    }
    Optional<String> fault = fault(fields);
    if (fault.isPresent()) {
      return FakeSlack.error(fault.get());
    }
    Map<String, String> message = new HashMap<>();
    message.put("channel", fields.get("channel"));
    message.put("thread_ts", fields.get("thread_ts"));
    JsonObject begun = channels.add(message, "");
    begun.put(STREAM, fields.containsKey("chunks"));
    say(begun, fields);
    return ok(fields, begun.getString("ts"));
  }

  private JsonObject goOn(String method, Map<String, String> fields) {
    Optional<JsonObject> found = channels.find(fields.get("channel"), fields.get("ts"));
    if (found.isEmpty()) {
      return FakeSlack.error("message_not_found");
    }
    JsonObject message = found.get();
    if (!message.containsKey(STREAM)) {
      return FakeSlack.error("message_not_in_streaming_state");
    }
    boolean isText = fields.containsKey("markdown_text");
    if (isText && message.getBoolean(STREAM)
        || fields.containsKey("chunks") && !message.getBoolean(STREAM)) {
      return FakeSlack.error("streaming_mode_mismatch");
    }
    Optional<String> fault = fault(fields);
    if (fault.isPresent()) {
      return FakeSlack.error(fault.get());
    }
    say(message, fields);
    if (method.equals("chat.stopStream")) {
      message.remove(STREAM);
      if (fields.containsKey("metadata")) {
        message.put("metadata", new JsonObject(fields.get("metadata")));
      }
      new JsonArray(fields.getOrDefault("blocks", "[]"))
          .forEach(message.getJsonArray("blocks")::add);
    }
    return ok(fields, message.getString("ts"));
  }

  private static Optional<String> fault(Map<String, String> fields) {
    if (fields.getOrDefault("markdown_text", "").length() > MAX_CHUNK) {
      return Optional.of("msg_too_long");
    }
    try {
      for (Object one : new JsonArray(fields.getOrDefault("chunks", "[]"))) {
        JsonObject chunk = (JsonObject) one;
        boolean isTask = "task_update".equals(chunk.getString("type"));
        boolean isText = "markdown_text".equals(chunk.getString("type"));
        if (isText && chunk.getString("text", "").length() > MAX_CHUNK) {
          return Optional.of("msg_too_long");
        }
        boolean isWhole =
            isText && chunk.containsKey("text")
                || isTask
                    && chunk.fieldNames().containsAll(Set.of("id", "title", "status"))
                    && Set.of("pending", "in_progress", "complete", "error")
                        .contains(chunk.getString("status"));
        if (!isWhole) {
          return Optional.of("invalid_chunks");
        }
      }
      return Optional.empty();
    } catch (DecodeException | ClassCastException e) {
      return Optional.of("invalid_chunks");
    }
  }

  private static void say(JsonObject message, Map<String, String> fields) {
    StringBuilder text = new StringBuilder(message.getString("text"));
    text.append(fields.getOrDefault("markdown_text", ""));
    JsonArray blocks = message.getJsonArray("blocks");
    for (Object one : new JsonArray(fields.getOrDefault("chunks", "[]"))) {
      JsonObject chunk = (JsonObject) one;
      if (chunk.getString("type").equals("markdown_text")) {
        text.append(chunk.getString("text"));
      } else {
        blocks.stream()
            .map(JsonObject.class::cast)
            .filter(block -> chunk.getString("id").equals(block.getString("task_id")))
            .findFirst()
            .orElseGet(
                () -> {
                  JsonObject card =
                      new JsonObject()
                          .put("type", "task_card")
                          .put("task_id", chunk.getString("id"));
                  blocks.add(card);
                  return card;
                })
            .put("title", chunk.getString("title"))
            .put("status", chunk.getString("status"));
      }
    }
    message.put("text", text.toString());
  }

  private static JsonObject ok(Map<String, String> fields, String ts) {
    return FakeSlack.ok().put("channel", fields.get("channel")).put("ts", ts);
  }

  boolean isOpen(String channel) {
    return channels.in(channel).anyMatch(message -> message.containsKey(STREAM));
  }

  /** Slack ends all streams, as it does five minutes after they began. */
  void endAll() {
    channels.all().forEach(message -> message.remove(STREAM));
  }
}
