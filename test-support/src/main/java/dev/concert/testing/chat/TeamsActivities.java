package dev.concert.testing.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What Teams tells a bot, in its real wire form. */
public final class TeamsActivities {
  private TeamsActivities() {}

  /**
   * A message of a person.
   *
   * @param conversation one that begins with {@code a:} is with one person only
   */
  public static JsonObject message(
      int account, String id, String conversation, String sender, String text, boolean mention) {
    boolean isPersonal = conversation.startsWith("a:");
    JsonObject bot =
        new JsonObject().put("id", "28:" + FakeTeams.app(account)).put("name", "Concert");
    JsonArray entities =
        new JsonArray().add(new JsonObject().put("type", "clientInfo").put("locale", "en-US"));
    if (mention) {
      entities.add(
          new JsonObject()
              .put("type", "mention")
              .put("mentioned", bot)
              .put("text", "<at>Concert</at>"));
    }
    return new JsonObject()
        .put("type", "message")
        .put("id", id)
        .put("timestamp", "2026-11-29T12:00:00.000Z")
        .put("serviceUrl", "https://smba.trafficmanager.net/emea/")
        .put("channelId", "msteams")
        .put("from", new JsonObject().put("id", "29:" + sender).put("aadObjectId", sender))
        .put("recipient", bot)
        .put(
            "conversation",
            new JsonObject()
                .put("id", conversation)
                .put("conversationType", isPersonal ? "personal" : "channel")
                .put("tenantId", FakeTeams.tenant(account)))
        .put("channelData", channelData(account, isPersonal))
        .put("textFormat", "plain")
        .put("text", mention ? "<at>Concert</at> " + text : text)
        .put("entities", entities);
  }

  private static JsonObject channelData(int account, boolean isPersonal) {
    JsonObject data =
        new JsonObject().put("tenant", new JsonObject().put("id", FakeTeams.tenant(account)));
    return isPersonal
        ? data
        : data.put(
            "team",
            new JsonObject()
                .put("id", "19:team@thread.tacv2")
                .put("aadGroupId", "02bd9fd6-8f93-4758-87c3-1fb73740a315"));
  }

  /** The author has changed a message. */
  public static JsonObject edited(JsonObject message, String text) {
    return changed(message, "messageUpdate", "editMessage").put("text", text);
  }

  /** The author has taken a message back. */
  public static JsonObject deleted(JsonObject message) {
    JsonObject deleted = changed(message, "messageDelete", "softDeleteMessage");
    deleted.remove("text");
    return deleted;
  }

  private static JsonObject changed(JsonObject message, String type, String event) {
    JsonObject changed = message.copy().put("type", type).put("timestamp", "2026-11-29T12:01:00Z");
    changed.getJsonObject("channelData").put("eventType", event);
    return changed;
  }

  /** A person presses a button of a card. */
  public static JsonObject pressed(
      int account, String id, String conversation, String sender, String value) {
    JsonObject pressed = message(account, id, conversation, sender, "", false);
    pressed.remove("text");
    return pressed.put("value", new JsonObject().put("concert", value)).put("replyToId", "1");
  }
}
