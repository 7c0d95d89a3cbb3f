package dev.concert.testing.chat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rooms and files of a played homeserver. Not thread-safe. */
final class FakeMatrixRooms {
  private static final int MAX_EVENT = 65_536;

  private final Map<String, List<JsonObject>> rooms = new HashMap<>();
  private final Map<String, String> transactions = new HashMap<>();
  private final Map<String, Buffer> files = new HashMap<>();
  private int numbers;

  private static final String DIRECT = "!d";

  String create(boolean isDirect, String server) {
    String id = "%s%d:%s".formatted(isDirect ? DIRECT : "!c", ++numbers, server);
    rooms.put(id, new ArrayList<>());
    return id;
  }

  boolean has(String room) {
    return rooms.containsKey(room);
  }

  JsonObject add(String room, String user, String type, JsonObject content) {
    JsonObject event =
        new JsonObject()
            .put("type", type)
            .put("event_id", "$played-event-" + ++numbers)
            .put("room_id", room)
            .put("sender", user)
            .put("origin_server_ts", 1_700_000_000_000L + numbers)
            .put("content", content);
    rooms.get(room).add(event);
    return event.copy();
  }

  String addOnce(String transaction, String room, String user, String type, JsonObject content) {
    return transactions.computeIfAbsent(
        transaction, _ -> add(room, user, type, content).getString("event_id"));
  }

  /** One person and the bot, or two persons and the bot. */
  JsonObject members(String room, String bot) {
    JsonObject joined =
        new JsonObject().put(bot, new JsonObject()).put("@one:played.test", new JsonObject());
    if (!room.startsWith(DIRECT)) {
      joined.put("@two:played.test", new JsonObject());
    }
    return new JsonObject().put("joined", joined);
  }

  List<JsonObject> events(String room) {
    return rooms.get(room).stream().map(JsonObject::copy).toList();
  }

  Optional<JsonObject> event(String room, String id) {
    return events(room).stream().filter(one -> one.getString("event_id").equals(id)).findFirst();
  }

  /** The events that a filter lets through, the newest first. */
  List<JsonObject> sentBy(String room, JsonObject filter) {
    JsonArray senders = filter.getJsonArray("senders");
    JsonArray types = filter.getJsonArray("types");
    return events(room).reversed().stream()
        .filter(one -> senders.contains(one.getString("sender")))
        .filter(one -> types.contains(one.getString("type")))
        .toList();
  }

  /** The events of a thread, the newest first, without the one that began it. */
  List<JsonObject> thread(String room, String root) {
    return events(room).reversed().stream()
        .filter(one -> relation(one.getJsonObject("content")).equals("m.thread " + root))
        .toList();
  }

  private static String relation(JsonObject content) {
    JsonObject relation = content.getJsonObject("m.relates_to", new JsonObject());
    return relation.getString("rel_type", "") + " " + relation.getString("event_id", "");
  }

  static boolean isChange(JsonObject content) {
    return relation(content).startsWith("m.replace ");
  }

  boolean isTooLarge(Buffer content) {
    return content.length() > MAX_EVENT - 1000;
  }

  String store(Buffer content) {
    String id = "file" + ++numbers;
    files.put(id, content);
    return id;
  }

  Buffer file(String id) {
    return files.get(id);
  }
}
