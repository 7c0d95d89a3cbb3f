package dev.concert.testing.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What Google Chat tells an application, in its real wire form. */
public final class GoogleChatEvents {
  private GoogleChatEvents() {}

  /**
   * A message of a person, which names the application where it is in a space of several people.
   *
   * @param space one that begins with {@code spaces/D} is with one person only
   */
  public static JsonObject message(
      String id, String space, String thread, String sender, String text) {
    boolean isDirect = space.startsWith("spaces/D");
    JsonObject message =
        new JsonObject()
            .put("name", space + "/messages/" + id)
            .put("sender", user(sender))
            .put("createTime", "2026-11-29T12:00:00.000000Z")
            .put("text", isDirect ? text : "@Concert " + text)
            .put("argumentText", isDirect ? text : " " + text)
            .put("thread", new JsonObject().put("name", thread))
            .put("space", space(space));
    if (!isDirect) {
      message.put(
          "annotations",
          new JsonArray()
              .add(
                  new JsonObject()
                      .put("type", "USER_MENTION")
                      .put("startIndex", 0)
                      .put("length", 8)
                      .put(
                          "userMention",
                          new JsonObject()
                              .put("type", "MENTION")
                              .put(
                                  "user",
                                  new JsonObject()
                                      .put("name", "users/1")
                                      .put("displayName", "Concert")
                                      .put("type", "BOT")))));
    }
    return event("MESSAGE", space, sender).put("message", message);
  }

  /** A person uses the command {@code /concert}. */
  public static JsonObject command(
      String id, String space, String thread, String sender, String text) {
    JsonObject event = message(id, space, thread, sender, "/concert " + text);
    event
        .getJsonObject("message")
        .put("argumentText", " " + text)
        .put("slashCommand", new JsonObject().put("commandId", "1"));
    return event;
  }

  /** A person presses a button of a card. */
  public static JsonObject pressed(
      String time, String space, String thread, String sender, String value) {
    JsonObject parameters = new JsonObject().put("concert", value);
    return event("CARD_CLICKED", space, sender)
        .put("eventTime", time)
        .put(
            "message",
            new JsonObject()
                .put("name", space + "/messages/card")
                .put("thread", new JsonObject().put("name", thread)))
        .put(
            "action",
            new JsonObject()
                .put("actionMethodName", "concert")
                .put(
                    "parameters",
                    new JsonArray()
                        .add(new JsonObject().put("key", "concert").put("value", value))))
        .put(
            "common",
            new JsonObject().put("invokedFunction", "concert").put("parameters", parameters));
  }

  /** The same event of an application that is a Workspace add-on. */
  public static JsonObject ofAddOn(JsonObject event, String payload) {
    JsonObject common = event.getJsonObject("common", new JsonObject());
    return new JsonObject()
        .put("commonEventObject", common.copy().put("hostApp", "CHAT"))
        .put(
            "chat",
            new JsonObject()
                .put("user", event.getJsonObject("user"))
                .put("eventTime", event.getString("eventTime"))
                .put(
                    payload,
                    new JsonObject()
                        .put("space", event.getJsonObject("space"))
                        .put("message", event.getJsonObject("message"))));
  }

  /** The application is added to a space. */
  public static JsonObject added(String space, String sender) {
    return event("ADDED_TO_SPACE", space, sender);
  }

  private static JsonObject event(String type, String space, String sender) {
    return new JsonObject()
        .put("type", type)
        .put("eventTime", "2026-11-29T12:00:00.000000Z")
        .put("user", user(sender))
        .put("space", space(space));
  }

  private static JsonObject user(String sender) {
    return new JsonObject()
        .put("name", "users/" + sender)
        .put("displayName", sender)
        .put("type", "HUMAN");
  }

  private static JsonObject space(String space) {
    boolean isDirect = space.startsWith("spaces/D");
    return new JsonObject()
        .put("name", space)
        .put("type", isDirect ? "DM" : "ROOM")
        .put("spaceType", isDirect ? "DIRECT_MESSAGE" : "SPACE")
        .put("singleUserBotDm", isDirect)
        .put("spaceThreadingState", isDirect ? "UNTHREADED_MESSAGES" : "THREADED_MESSAGES");
  }
}
