package dev.concert.testing.chat;

import dev.concert.testing.chat.FakeGoogleSpaces.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Subscriptions of Pub/Sub. What is not acknowledged in time is delivered again. */
final class FakePubSub {
  private static final long DEADLINE_NANOS = 2_000_000_000L;

  private final Map<String, Map<String, JsonObject>> waiting = new LinkedHashMap<>();
  private final Map<String, Long> pulled = new HashMap<>();
  private int ids;

  void publish(String subscription, JsonObject event) {
    String id = Integer.toString(++ids);
    JsonObject message =
        new JsonObject()
            .put("data", Base64.getEncoder().encodeToString(event.toBuffer().getBytes()))
            .put("messageId", id)
            .put("publishTime", "2026-11-29T12:00:00Z");
    waiting.computeIfAbsent(subscription, _ -> new LinkedHashMap<>()).put("ack-" + id, message);
  }

  int unacknowledged(String subscription) {
    return waiting.getOrDefault(subscription, Map.of()).size();
  }

  Reply call(String path, JsonObject body) {
    String subscription = path.substring(0, path.indexOf(':'));
    if (!subscription.matches("projects/played-project-[12]/subscriptions/concert")) {
      return FakeGoogleSpaces.refused(
          404, "NOT_FOUND", "Resource not found (resource=%s).".formatted(subscription));
    }
    return path.endsWith(":pull")
        ? new Reply(200, pull(subscription, body.getInteger("maxMessages", 1)))
        : acknowledge(subscription, body.getJsonArray("ackIds", new JsonArray()));
  }

  private JsonObject pull(String subscription, int max) {
    List<JsonObject> received = new ArrayList<>();
    waiting
        .getOrDefault(subscription, Map.of())
        .forEach(
            (id, message) -> {
              if (received.size() < max && isDue(id)) {
                pulled.put(id, System.nanoTime());
                received.add(new JsonObject().put("ackId", id).put("message", message));
              }
            });
    return received.isEmpty()
        ? new JsonObject()
        : new JsonObject().put("receivedMessages", new JsonArray(received));
  }

  private boolean isDue(String id) {
    Long since = pulled.get(id);
    return since == null || System.nanoTime() - since > DEADLINE_NANOS;
  }

  private Reply acknowledge(String subscription, JsonArray ids) {
    ids.forEach(id -> waiting.getOrDefault(subscription, Map.of()).remove((String) id));
    return new Reply(200, new JsonObject());
  }
}
