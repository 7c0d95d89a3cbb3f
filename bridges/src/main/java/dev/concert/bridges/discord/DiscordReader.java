package dev.concert.bridges.discord;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.InboundEvent.Kind;
import dev.concert.bridges.platform.SentFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what people do in Discord. Pure. */
final class DiscordReader {
  static final int PING = 1;
  static final int COMMAND = 2;
  static final int COMPONENT = 3;

  /** Answers of ours to an interaction: the deferred one, or one of its own. */
  static final String ORIGINAL = "original ";

  static final String FOLLOW_UP = "follow-up ";

  /** A message, and a reply to one; the others are notices of Discord. */
  private static final Set<Integer> WRITTEN = Set.of(0, 19);

  private DiscordReader() {}

  /** Whether a message names us. */
  static boolean isMention(ChatConnection connection, JsonNode message) {
    String bot = connection.account().botUserId();
    for (JsonNode one : message.path("mentions")) {
      if (one.path("id").asText("").equals(bot)) {
        return true;
      }
    }
    String text = message.path("content").asText("");
    return text.contains("<@" + bot + ">") || text.contains("<@!" + bot + ">");
  }

  /**
   * A message of a person.
   *
   * @param isThread whether its channel is a thread already
   */
  static Optional<InboundEvent> message(
      ChatConnection connection, JsonNode message, boolean isThread) {
    JsonNode author = message.path("author");
    if (!WRITTEN.contains(message.path("type").asInt())
        || author.path("bot").asBoolean()
        || message.hasNonNull("webhook_id")
        || author.path("id").asText("").isEmpty()) {
      return Optional.empty();
    }
    String bot = connection.account().botUserId();
    String channel = message.path("channel_id").asText("");
    String id = message.path("id").asText("");
    boolean isDirect = !message.hasNonNull("guild_id");
    boolean isMention = isMention(connection, message);
    boolean opensThread = isMention && !isDirect && !isThread;
    InboundEvent said =
        new InboundEvent(
            Kind.MESSAGE,
            "m:" + id,
            opensThread ? id : channel,
            channel,
            author.path("id").asText(""),
            message.path("content").asText("").replaceAll("<@!?" + bot + ">", " ").strip(),
            isDirect,
            isMention);
    return Optional.of(said.with(attachments(message)));
  }

  private static List<SentFile> attachments(JsonNode message) {
    List<SentFile> attachments = new ArrayList<>();
    for (JsonNode one : message.path("attachments")) {
      attachments.add(
          new SentFile(
              one.path("filename").asText(""),
              one.path("content_type").asText(""),
              one.path("size").asLong(),
              one.path("url").asText("")));
    }
    return attachments;
  }

  /** A message of a person that says something else now; previews of links change nothing. */
  static Optional<InboundEvent> edit(ChatConnection connection, JsonNode message) {
    return message.hasNonNull("edited_timestamp")
        ? message(connection, message, true)
            .map(
                event ->
                    InboundEvent.change(
                        Kind.EDIT,
                        "e:%s:%s"
                            .formatted(
                                message.path("id").asText(""),
                                message.path("edited_timestamp").asText("")),
                        event.eventId(),
                        event.channel(),
                        event.sender(),
                        event.text()))
        : Optional.empty();
  }

  /** A message that is gone; Discord does not say whose it was. */
  static InboundEvent deletion(JsonNode message) {
    String id = message.path("id").asText("");
    return InboundEvent.change(
        Kind.DELETE, "d:" + id, "m:" + id, message.path("channel_id").asText(""), "", "");
  }

  /** A command or a button; empty for interactions that we do not know. */
  static Optional<InboundEvent> interaction(JsonNode interaction) {
    int type = interaction.path("type").asInt();
    JsonNode data = interaction.path("data");
    if (type != COMMAND && type != COMPONENT) {
      return Optional.empty();
    }
    String channel = interaction.path("channel_id").asText("");
    JsonNode member = interaction.path("member").path("user");
    String token = interaction.path("token").asText("");
    return Optional.of(
        new InboundEvent(
            type == COMMAND ? Kind.COMMAND : Kind.BUTTON,
            "i:" + interaction.path("id").asText(""),
            channel,
            channel,
            (member.isMissingNode() ? interaction.path("user") : member).path("id").asText(""),
            type == COMMAND ? words(data.path("options")) : data.path("custom_id").asText(""),
            !interaction.hasNonNull("guild_id"),
            true,
            null,
            (type == COMMAND ? ORIGINAL : FOLLOW_UP) + token));
  }

  /** {@code /concert model NAME} has the option {@code model}, which has the option of the name. */
  private static String words(JsonNode options) {
    StringBuilder words = new StringBuilder();
    for (JsonNode option : options) {
      words.append(' ').append(option.path("value").asText(option.path("name").asText("")));
      words.append(' ').append(words(option.path("options")));
    }
    return words.toString().strip();
  }
}
