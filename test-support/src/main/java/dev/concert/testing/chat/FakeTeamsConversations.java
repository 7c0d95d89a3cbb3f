package dev.concert.testing.chat;

import dev.concert.testing.chat.FakeTeams.Message;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What people see in conversations of Teams. Those that begin with {@code a:} may have streams. */
final class FakeTeamsConversations {
  record Reply(int status, JsonObject body) {}

  /** A message that grows. */
  private record Stream(int sequence, String streamed, boolean isOver) {}

  private final List<Message> messages = new ArrayList<>();
  private final Set<String> typed = new HashSet<>();
  private final Map<String, Stream> streams = new HashMap<>();

  List<Message> messages() {
    return List.copyOf(messages);
  }

  boolean isTyped(String conversation) {
    return typed.contains(conversation);
  }

  boolean isStreaming(String conversation) {
    return messages.stream()
        .filter(one -> one.conversation().equals(conversation))
        .anyMatch(one -> streams.containsKey(one.id()) && !streams.get(one.id()).isOver());
  }

  void endStreams() {
    streams.replaceAll((_, one) -> new Stream(one.sequence(), one.streamed(), true));
  }

  Reply post(String id, String conversation, JsonObject body) {
    if (!body.containsKey("type")) {
      return refused(400, "BadSyntax", "Activity type is required");
    }
    for (Object one : body.getJsonArray("entities", new JsonArray())) {
      JsonObject entity = (JsonObject) one;
      if (entity.getString("type").equals("streaminfo")) {
        return stream(id, conversation, body, entity);
      }
    }
    if (body.getString("type").equals("typing")) {
      typed.add(conversation);
    }
    if (body.getString("type").equals("message")) {
      messages.add(new Message(conversation, id, body.getString("text", ""), buttons(body)));
    }
    return new Reply(201, new JsonObject().put("id", id));
  }

  private Reply stream(String newId, String conversation, JsonObject body, JsonObject info) {
    String id = info.getString("streamId");
    String text = body.getString("text", "");
    if (!conversation.startsWith("a:")) {
      return noStream("Content stream is not allowed");
    }
    if (id == null) {
      if (text.isEmpty()) {
        return refused(400, "BadRequest", "Start streaming activities should include text");
      }
      String said = info.getString("streamType").equals("streaming") ? text : "";
      streams.put(newId, new Stream(1, said, false));
      messages.add(new Message(conversation, newId, text, List.of()));
      return new Reply(201, new JsonObject().put("id", newId));
    }
    Stream before = streams.get(id);
    if (before == null || before.isOver()) {
      return noStream("Content stream finished due to exceeded streaming time.");
    }
    boolean isFinal = info.getString("streamType").equals("final");
    if (isFinal != body.getString("type").equals("message")) {
      return refused(400, "BadRequest", "End streaming activities should be of type message");
    }
    if (!text.startsWith(before.streamed())) {
      return noStream("Request streamed content should contain the previously streamed content");
    }
    int sequence = isFinal ? before.sequence() : info.getInteger("streamSequence", 0);
    if (!isFinal && sequence <= before.sequence()) {
      return refused(
          202, "ContentStreamSequenceOrderPreConditionFailed", "The sequence is out of order");
    }
    boolean isText = !info.getString("streamType").equals("informative");
    streams.put(id, new Stream(sequence, isText ? text : before.streamed(), isFinal));
    change(HttpMethod.PUT, conversation, id, body);
    return new Reply(202, new JsonObject());
  }

  private static Reply noStream(String message) {
    return refused(403, "ContentStreamNotAllowed", message);
  }

  Reply change(HttpMethod method, String conversation, String id, JsonObject body) {
    for (int i = 0; i < messages.size(); i++) {
      Message before = messages.get(i);
      if (before.id().equals(id) && before.conversation().equals(conversation)) {
        if (method == HttpMethod.DELETE) {
          messages.remove(i);
        } else {
          messages.set(i, new Message(conversation, id, body.getString("text", ""), buttons(body)));
        }
        return new Reply(200, new JsonObject().put("id", id));
      }
    }
    return refused(
        404, "ActivityNotFoundInConversation", "The message ID provided could not be found.");
  }

  private static List<String> buttons(JsonObject body) {
    List<String> values = new ArrayList<>();
    for (Object attachment : body.getJsonArray("attachments", new JsonArray())) {
      JsonObject card = ((JsonObject) attachment).getJsonObject("content", new JsonObject());
      for (Object action : card.getJsonArray("actions", new JsonArray())) {
        values.add(((JsonObject) action).getJsonObject("data").getString("concert"));
      }
    }
    return values;
  }

  static Reply refused(int status, String code, String message) {
    return new Reply(
        status,
        new JsonObject().put("error", new JsonObject().put("code", code).put("message", message)));
  }
}
