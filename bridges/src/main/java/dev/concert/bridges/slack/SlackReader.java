package dev.concert.bridges.slack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.InboundEvent.Kind;
import dev.concert.bridges.platform.SentFile;
import dev.concert.bridges.platform.WebhookResult;
import dev.concert.json.Json;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what Slack sends, after its signature was checked. Pure. */
final class SlackReader {
  /**
   * A message with another subtype is a notice of Slack, an edit, or was not written by a person.
   */
  private static final Set<String> WRITTEN = Set.of("", "file_share", "thread_broadcast");

  private SlackReader() {}

  /** What a request is; a body that makes no sense is answered with 400. */
  static WebhookResult read(ChatConnection connection, String contentType, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    try {
      return contentType.startsWith("application/x-www-form-urlencoded")
          ? form(connection, fields(text))
          : event(connection, Json.MAPPER.readTree(text));
    } catch (IOException | IllegalArgumentException e) {
      return answer(400, "This is no request of Slack.");
    }
  }

  /** What an envelope of a socket holds. */
  static WebhookResult envelope(ChatConnection connection, String type, JsonNode payload) {
    return switch (type) {
      case "events_api" -> event(connection, payload);
      case "interactive" -> pressed(connection, payload);
      case "slash_commands" -> {
        Map<String, String> fields = new HashMap<>();
        payload.properties().forEach(one -> fields.put(one.getKey(), one.getValue().asText("")));
        yield command(connection, fields);
      }
      default -> answer(400, "This envelope is not known.");
    };
  }

  private static WebhookResult event(ChatConnection connection, JsonNode request) {
    if (request.path("type").asText("").equals("url_verification")) {
      return answer(200, request.path("challenge").asText(""));
    }
    if (!isOfTeam(connection, request.path("team_id").asText(""))) {
      return answer(403, "This is another team.");
    }
    List<InboundEvent> events =
        change(connection, request.path("event"))
            .or(() -> message(connection, request.path("event")))
            .map(List::of)
            .orElseGet(List::of);
    return new WebhookResult.Events(events, WebhookResult.received());
  }

  private static boolean isOfTeam(ChatConnection connection, String team) {
    return team.equals(connection.account().id());
  }

  /** A message of a person that says something else now, or is gone. */
  private static Optional<InboundEvent> change(ChatConnection connection, JsonNode event) {
    String subtype = event.path("subtype").asText("");
    String channel = event.path("channel").asText("");
    JsonNode before = event.path("previous_message");
    JsonNode now = event.path("message");
    boolean isPersons = before.hasNonNull("user") && !before.hasNonNull("bot_id");
    String about = "m:" + channel + ":" + before.path("ts").asText("");
    if (subtype.equals("message_deleted") && isPersons) {
      return Optional.of(
          InboundEvent.change(
              Kind.DELETE, "d:" + about, about, channel, before.path("user").asText(""), ""));
    }
    // Slack also says so where it adds the preview of a link.
    boolean isChanged =
        subtype.equals("message_changed")
            && isPersons
            && !now.path("text").asText("").equals(before.path("text").asText(""));
    String mention = "<@" + connection.account().botUserId() + ">";
    return isChanged
        ? Optional.of(
            InboundEvent.change(
                Kind.EDIT,
                "e:%s:%s".formatted(about, now.path("edited").path("ts").asText("")),
                about,
                channel,
                before.path("user").asText(""),
                SlackMarkdown.plain(now.path("text").asText("").replace(mention, " ").strip())))
        : Optional.empty();
  }

  /**
   * Slack tells of one message twice where it mentions us: as {@code app_mention} and as {@code
   * message}, with two event ids. So a message is known by its channel and time.
   */
  private static Optional<InboundEvent> message(ChatConnection connection, JsonNode event) {
    String type = event.path("type").asText("");
    String sender = event.path("user").asText("");
    String bot = connection.account().botUserId();
    boolean isWritten =
        Set.of("message", "app_mention").contains(type)
            && WRITTEN.contains(event.path("subtype").asText(""))
            && !event.hasNonNull("bot_id")
            && !sender.isEmpty()
            && !sender.equals(bot);
    if (!isWritten) {
      return Optional.empty();
    }
    String channel = event.path("channel").asText("");
    String time = event.path("ts").asText("");
    String text = event.path("text").asText("");
    boolean isDirect =
        event.path("channel_type").asText("").equals("im") || channel.startsWith("D");
    String thread = event.path("thread_ts").asText(isDirect ? "" : time);
    String mention = "<@" + bot + ">";
    InboundEvent said =
        new InboundEvent(
            Kind.MESSAGE,
            "m:" + channel + ":" + time,
            conversation(channel, thread),
            channel,
            sender,
            SlackMarkdown.plain(text.replace(mention, " ").strip()),
            isDirect,
            type.equals("app_mention") || text.contains(mention));
    return Optional.of(said.with(attachments(event)));
  }

  private static List<SentFile> attachments(JsonNode event) {
    List<SentFile> attachments = new ArrayList<>();
    for (JsonNode one : event.path("files")) {
      attachments.add(
          new SentFile(
              one.path("name").asText(""),
              one.path("mimetype").asText(""),
              one.path("size").asLong(),
              one.path("url_private_download").asText("")));
    }
    return attachments;
  }

  static String conversation(String channel, String thread) {
    return thread.isEmpty() ? channel : channel + ":" + thread;
  }

  private static WebhookResult form(ChatConnection connection, Map<String, String> fields)
      throws IOException {
    if (fields.containsKey("payload")) {
      return pressed(connection, Json.MAPPER.readTree(fields.get("payload")));
    }
    return command(connection, fields);
  }

  private static WebhookResult command(ChatConnection connection, Map<String, String> fields) {
    if (!isOfTeam(connection, fields.getOrDefault("team_id", ""))) {
      return answer(403, "This is another team.");
    }
    String channel = fields.getOrDefault("channel_id", "");
    InboundEvent command =
        new InboundEvent(
            Kind.COMMAND,
            "c:" + fields.getOrDefault("trigger_id", ""),
            channel,
            channel,
            fields.getOrDefault("user_id", ""),
            fields.getOrDefault("text", "").strip(),
            fields.getOrDefault("channel_name", "").equals("directmessage"),
            true);
    return new WebhookResult.Events(List.of(command), WebhookResult.received());
  }

  private static WebhookResult pressed(ChatConnection connection, JsonNode payload) {
    if (!isOfTeam(connection, payload.path("team").path("id").asText(""))) {
      return answer(403, "This is another team.");
    }
    JsonNode action = payload.path("actions").path(0);
    if (!payload.path("type").asText("").equals("block_actions") || !action.hasNonNull("value")) {
      return new WebhookResult.Events(List.of(), WebhookResult.received());
    }
    String channel = payload.path("channel").path("id").asText("");
    String sender = payload.path("user").path("id").asText("");
    return new WebhookResult.Events(
        List.of(
            new InboundEvent(
                Kind.BUTTON,
                "b:%s:%s:%s".formatted(channel, action.path("action_ts").asText(""), sender),
                conversation(channel, payload.path("message").path("thread_ts").asText("")),
                channel,
                sender,
                action.path("value").asText(""),
                channel.startsWith("D"),
                true)),
        WebhookResult.received());
  }

  private static Map<String, String> fields(String form) {
    Map<String, String> fields = new HashMap<>();
    for (String pair : form.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return fields;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static WebhookResult answer(int status, String text) {
    return new WebhookResult.Answer(new WebhookReply(status, "text/plain; charset=utf-8", text));
  }
}
