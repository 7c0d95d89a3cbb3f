package dev.concert.bridges.teams;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.InboundEvent.Kind;
import dev.concert.bridges.platform.SentFile;
import dev.concert.bridges.platform.WebhookResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads an activity, after its token was checked. Pure. */
final class TeamsReader {
  /** The field of a button's data that says what it stands for. */
  static final String PRESSED = "concert";

  private static final Pattern MENTION = Pattern.compile("<at[^>]*>(.*?)</at>");
  private static final String FILE = "application/vnd.microsoft.teams.file.download.info";
  private static final String EXECUTED = "adaptiveCard/action";

  private TeamsReader() {}

  static WebhookResult read(ChatConnection connection, JsonNode activity) {
    if (!tenant(activity).equals(connection.account().id())) {
      return new WebhookResult.Answer(
          new WebhookReply(403, "text/plain", "This is another tenant."));
    }
    String type = activity.path("type").asText("");
    if (type.equals("invoke")) {
      return invoked(activity);
    }
    Optional<InboundEvent> event =
        isOfPerson(activity)
            ? switch (type) {
              case "message" -> message(connection, activity);
              case "messageUpdate" -> change(connection, activity, Kind.EDIT, "editMessage");
              case "messageDelete" ->
                  change(connection, activity, Kind.DELETE, "softDeleteMessage");
              default -> Optional.empty();
            }
            : Optional.empty();
    return new WebhookResult.Events(
        event.map(List::of).orElseGet(List::of), WebhookResult.received());
  }

  private static String tenant(JsonNode activity) {
    return activity
        .path("channelData")
        .path("tenant")
        .path("id")
        .asText(activity.path("conversation").path("tenantId").asText(""));
  }

  /** A bot's id begins with 28, that of a person with 29. */
  private static boolean isOfPerson(JsonNode activity) {
    String id = sender(activity);
    return !id.isEmpty()
        && !id.startsWith("28:")
        && !activity.path("from").path("role").asText("").equals("bot");
  }

  private static String sender(JsonNode activity) {
    return activity.path("from").path("id").asText("");
  }

  private static String conversation(JsonNode activity) {
    return activity.path("conversation").path("id").asText("");
  }

  private static Optional<InboundEvent> message(ChatConnection connection, JsonNode activity) {
    String pressed = activity.path("value").path(PRESSED).asText("");
    return Optional.of(
        pressed.isEmpty()
            ? event(
                    Kind.MESSAGE,
                    "m:",
                    activity,
                    text(connection, activity),
                    isMention(connection, activity))
                .with(attachments(activity))
                .of(activity.path("channelData").path("team").path("aadGroupId").textValue())
            : event(Kind.BUTTON, "b:", activity, pressed, true));
  }

  /** A file is in the sender's own store; a picture of the text is at the service. */
  private static List<SentFile> attachments(JsonNode activity) {
    List<SentFile> files = new ArrayList<>();
    for (JsonNode one : activity.path("attachments")) {
      String type = one.path("contentType").asText("");
      if (type.equals(FILE)) {
        files.add(
            new SentFile(
                one.path("name").asText("file"),
                "",
                0,
                one.path("content").path("downloadUrl").asText("")));
      } else if (type.startsWith("image/")) {
        files.add(
            new SentFile(
                one.path("name").asText("picture." + ending(type)),
                type,
                0,
                one.path("contentUrl").asText("")));
      }
    }
    return files;
  }

  /** Of a picture whose sender gave it no name; Teams often says no more than {@code image/*}. */
  private static String ending(String mediaType) {
    String ending = mediaType.substring(mediaType.indexOf('/') + 1);
    return ending.matches("[a-z]{3,4}") ? ending : "png";
  }

  private static InboundEvent event(
      Kind kind, String prefix, JsonNode activity, String text, boolean isMention) {
    String conversation = conversation(activity);
    return new InboundEvent(
        kind,
        prefix + conversation + ":" + activity.path("id").asText(""),
        conversation,
        conversation.split(";", 2)[0],
        sender(activity),
        text,
        activity.path("conversation").path("conversationType").asText("").equals("personal"),
        isMention);
  }

  /** An activity of a change has the id of the message that is changed. */
  private static Optional<InboundEvent> change(
      ChatConnection connection, JsonNode activity, Kind kind, String wanted) {
    if (!activity.path("channelData").path("eventType").asText("").equals(wanted)) {
      return Optional.empty();
    }
    String about = "m:" + conversation(activity) + ":" + activity.path("id").asText("");
    return Optional.of(
        InboundEvent.change(
            kind,
            "%s:%s:%s"
                .formatted(
                    kind == Kind.EDIT ? "e" : "d", about, activity.path("timestamp").asText("")),
            about,
            conversation(activity).split(";", 2)[0],
            sender(activity),
            kind == Kind.EDIT ? text(connection, activity) : ""));
  }

  private static boolean isMention(ChatConnection connection, JsonNode activity) {
    for (JsonNode entity : activity.path("entities")) {
      if (isOfUs(connection, entity)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfUs(ChatConnection connection, JsonNode entity) {
    return entity.path("type").asText("").equals("mention")
        && entity.path("mentioned").path("id").asText("").equals(connection.account().botUserId());
  }

  /** Without our own name; other people's names stay. */
  private static String text(ChatConnection connection, JsonNode activity) {
    String text = activity.path("text").asText("");
    for (JsonNode entity : activity.path("entities")) {
      if (isOfUs(connection, entity)) {
        text = text.replace(entity.path("text").asText("\0"), " ");
      }
    }
    return MENTION.matcher(text).replaceAll("@$1").replace("&nbsp;", " ").replace("\r", "").strip();
  }

  /** An action of a card that is executed gets its answer in the response. */
  private static WebhookResult invoked(JsonNode activity) {
    String pressed = activity.path("value").path("action").path("data").path(PRESSED).asText("");
    if (!activity.path("name").asText("").equals(EXECUTED) || pressed.isEmpty()) {
      return new WebhookResult.Answer(
          new WebhookReply(501, "text/plain", "This invoke activity is not known."));
    }
    return new WebhookResult.Events(
        List.of(event(Kind.BUTTON, "b:", activity, pressed, true)),
        new WebhookReply(
            200,
            "application/json",
            """
            {"statusCode":200,"type":"application/vnd.microsoft.activity.message","value":"I have it."}\
            """));
  }
}
