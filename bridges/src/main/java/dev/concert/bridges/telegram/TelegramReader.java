package dev.concert.bridges.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.InboundEvent.Kind;
import dev.concert.bridges.platform.SentFile;
import dev.concert.bridges.platform.WebhookResult;
import dev.concert.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads an update of Telegram, after its secret was checked. Pure. */
final class TelegramReader {
  private TelegramReader() {}

  static WebhookResult read(ChatConnection connection, byte[] body) {
    try {
      return new WebhookResult.Events(
          events(connection, Json.MAPPER.readTree(body)), WebhookResult.received());
    } catch (IOException e) {
      return new WebhookResult.Answer(
          new WebhookReply(400, "text/plain", "This is no update of Telegram."));
    }
  }

  /** What people did, as an update says it. */
  static List<InboundEvent> events(ChatConnection connection, JsonNode update) {
    String id = "u:" + update.path("update_id").asText("");
    Optional<InboundEvent> event =
        update.has("callback_query")
            ? pressed(id, update.path("callback_query"))
            : update.has("edited_message")
                ? edit(connection, id, update.path("edited_message"))
                : message(connection, update.path("message"));
    return event.map(List::of).orElseGet(List::of);
  }

  /** In a group every message of people would count, were it not for mentions and replies. */
  private static Optional<InboundEvent> message(ChatConnection connection, JsonNode message) {
    JsonNode from = message.path("from");
    String text = message.path("text").asText(message.path("caption").asText(""));
    List<SentFile> attachments = attachments(message);
    if (from.path("is_bot").asBoolean(true) || (text.isEmpty() && attachments.isEmpty())) {
      return Optional.empty();
    }
    String mention = "@" + connection.account().botUserId();
    boolean isDirect = message.path("chat").path("type").asText("").equals("private");
    boolean isReply =
        message
            .path("reply_to_message")
            .path("from")
            .path("id")
            .asText("")
            .equals(connection.account().id());
    boolean isMention = isReply || text.contains(mention);
    if (!isDirect && !isMention) {
      return Optional.empty();
    }
    String said = text.replace(mention, " ").strip();
    String chat = message.path("chat").path("id").asText("");
    InboundEvent event =
        new InboundEvent(
            Kind.MESSAGE,
            "m:%s:%s".formatted(chat, message.path("message_id").asText("")),
            conversation(message),
            chat,
            from.path("id").asText(""),
            said.startsWith("/") ? said.substring(1) : said,
            isDirect,
            isMention);
    return Optional.of(event.with(attachments));
  }

  /** A photo comes in several sizes: the last one is the largest. */
  private static List<SentFile> attachments(JsonNode message) {
    List<SentFile> attachments = new ArrayList<>();
    JsonNode photos = message.path("photo");
    if (!photos.isEmpty()) {
      attachments.add(
          attachment(
              photos.path(photos.size() - 1),
              "photo-" + message.path("message_id").asText("") + ".jpg"));
    }
    for (String kind : List.of("document", "audio", "video", "voice")) {
      if (message.hasNonNull(kind)) {
        attachments.add(
            attachment(message.path(kind), kind + "-" + message.path("message_id").asText("")));
      }
    }
    return attachments;
  }

  private static SentFile attachment(JsonNode file, String unnamed) {
    return new SentFile(
        file.path("file_name").asText(unnamed),
        file.path("mime_type").asText(""),
        file.path("file_size").asLong(),
        file.path("file_id").asText(""));
  }

  /** Telegram does not tell of messages that are gone. */
  private static Optional<InboundEvent> edit(
      ChatConnection connection, String id, JsonNode message) {
    return message(connection, message)
        .map(
            event ->
                InboundEvent.change(
                    Kind.EDIT, id, event.eventId(), event.channel(), event.sender(), event.text()));
  }

  /** A topic of a forum is a conversation of its own. */
  private static String conversation(JsonNode message) {
    String chat = message.path("chat").path("id").asText("");
    boolean isTopic = message.path("is_topic_message").asBoolean();
    return isTopic ? chat + ":" + message.path("message_thread_id").asText("") : chat;
  }

  private static Optional<InboundEvent> pressed(String id, JsonNode query) {
    JsonNode message = query.path("message");
    return Optional.of(
        new InboundEvent(
            Kind.BUTTON,
            id,
            conversation(message),
            message.path("chat").path("id").asText(""),
            query.path("from").path("id").asText(""),
            query.path("data").asText(""),
            message.path("chat").path("type").asText("").equals("private"),
            true));
  }
}
