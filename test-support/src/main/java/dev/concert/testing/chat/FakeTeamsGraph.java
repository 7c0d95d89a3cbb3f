package dev.concert.testing.chat;

import dev.concert.testing.chat.FakeTeamsConversations.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The threads of channels, as Microsoft Graph gives them; source:
 * https://learn.microsoft.com/graph/api/chatmessage-list-replies. Guarded by {@link FakeTeams}.
 */
final class FakeTeamsGraph {
  static final String SCOPE = "https://graph.microsoft.com/.default";
  static final String PATH = "/v1.0/teams/";

  /** By channel and the id of the first message. */
  private final Map<String, List<JsonObject>> threads = new HashMap<>();

  void say(String channel, String root, String id, String author, String text) {
    threads
        .computeIfAbsent(channel + " " + root, _ -> new ArrayList<>())
        .add(
            new JsonObject()
                .put("id", id)
                .put("messageType", "message")
                .put(
                    "from",
                    new JsonObject()
                        .put("user", new JsonObject().put("id", author).put("displayName", author)))
                .put(
                    "body",
                    new JsonObject()
                        .put("contentType", "html")
                        .put(
                            "content",
                            "<p>%s</p>"
                                .formatted(
                                    text.replace("&", "&amp;")
                                        .replace("<", "&lt;")
                                        .replace("\"", "&quot;")))));
  }

  Reply get(String path, boolean isAllowed) {
    if (!isAllowed) {
      return new Reply(
          403,
          new JsonObject()
              .put(
                  "error",
                  new JsonObject()
                      .put("code", "Forbidden")
                      .put("message", "Missing role permissions on the request.")));
    }
    String[] parts = path.substring(PATH.length()).split("/");
    String channel = URLDecoder.decode(parts[2], StandardCharsets.UTF_8);
    List<JsonObject> thread = threads.getOrDefault(channel + " " + parts[4], List.of());
    if (thread.isEmpty()) {
      return new Reply(
          404,
          new JsonObject()
              .put("error", new JsonObject().put("code", "NotFound").put("message", "NotFound")));
    }
    return parts.length == 5
        ? new Reply(200, thread.getFirst())
        : new Reply(
            200,
            new JsonObject()
                .put(
                    "value",
                    new JsonArray(new ArrayList<>(thread.subList(1, thread.size()).reversed()))));
  }
}
