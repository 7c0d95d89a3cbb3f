package dev.concert.testing.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What Discord tells a bot of, in its wire form. */
public final class DiscordEventsPlayed {
  private DiscordEventsPlayed() {}

  private static JsonObject person(String id) {
    return new JsonObject().put("id", id).put("username", "person").put("discriminator", "0");
  }

  /** A message; it is of the guild unless its channel begins with 1. */
  public static JsonObject message(String id, String channel, String sender, String text) {
    JsonObject message =
        new JsonObject()
            .put("id", id)
            .put("channel_id", channel)
            .put("type", 0)
            .put("author", person(sender))
            .put("content", text)
            .put("timestamp", "2026-01-01T00:00:00.000000+00:00")
            .put("mentions", new JsonArray())
            .put("attachments", new JsonArray())
            .put("embeds", new JsonArray())
            .put("components", new JsonArray());
    return channel.startsWith("1") ? message : message.put("guild_id", FakeDiscord.GUILD);
  }

  private static JsonObject interaction(
      int account, int type, String id, String token, String channel, String sender) {
    JsonObject interaction =
        new JsonObject()
            .put("id", id)
            .put("application_id", FakeDiscord.application(account))
            .put("type", type)
            .put("token", token)
            .put("version", 1)
            .put("channel_id", channel)
            .put("locale", "en-US")
            .put("entitlements", new JsonArray())
            .put("authorizing_integration_owners", new JsonObject().put("0", FakeDiscord.GUILD))
            .put("context", channel.startsWith("1") ? 1 : 0)
            .put("attachment_size_limit", 1 << 20);
    return channel.startsWith("1")
        ? interaction.put("user", person(sender))
        : interaction
            .put("guild_id", FakeDiscord.GUILD)
            .put(
                "member",
                new JsonObject()
                    .put("user", person(sender))
                    .put("roles", new JsonArray())
                    .put("permissions", "0"));
  }

  /** Somebody uses {@code /concert NAME}. */
  public static JsonObject command(
      int account, String id, String token, String channel, String sender, String name) {
    JsonArray options =
        new JsonArray()
            .add(new JsonObject().put("type", 1).put("name", name).put("options", new JsonArray()));
    return interaction(account, 2, id, token, channel, sender)
        .put(
            "data",
            new JsonObject()
                .put("id", "8000001")
                .put("type", 1)
                .put("name", "concert")
                .put("options", options));
  }

  /** Somebody presses a button. */
  public static JsonObject button(
      int account, String id, String token, String channel, String sender, String customId) {
    return interaction(account, 3, id, token, channel, sender)
        .put("data", new JsonObject().put("component_type", 2).put("custom_id", customId))
        .put("message", new JsonObject().put("id", "1").put("channel_id", channel));
  }
}
