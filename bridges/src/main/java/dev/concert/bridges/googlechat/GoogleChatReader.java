package dev.concert.bridges.googlechat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.InboundEvent.Kind;
import dev.concert.bridges.platform.SentFile;
import dev.concert.bridges.platform.WebhookResult;
import dev.concert.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what Google Chat tells, after its token was checked. Pure. */
final class GoogleChatReader {
  /** The parameter of a button that says what it stands for. */
  static final String PRESSED = "concert";

  private static final String GREETING =
      "Write to me in a direct message, or mention me in a space, and I work on it. `help` says"
          + " more.";

  private static final Pattern SPACE = Pattern.compile("spaces/[\\w-]+");
  private static final Pattern THREAD = Pattern.compile("(spaces/[\\w-]+/threads/[\\w.-]+)?");

  /** It goes into an address. */
  private static final Pattern RESOURCE = Pattern.compile("[\\w=+/-]{1,2000}");

  private GoogleChatReader() {}

  /** An event as the body of a request. */
  static WebhookResult read(JsonNode body) {
    GoogleChatEvent event = GoogleChatEvent.of(body);
    Optional<InboundEvent> done = event(event);
    if (done.isEmpty() && event.type() == GoogleChatEvent.Type.ADDED_TO_SPACE) {
      return new WebhookResult.Answer(json(greeting(event)));
    }
    return new WebhookResult.Events(
        done.map(List::of).orElseGet(List::of), json(Json.MAPPER.createObjectNode()));
  }

  /** An event that Pub/Sub brings: what is no event has no effect, and is not brought again. */
  static List<InboundEvent> published(JsonNode message) {
    try {
      JsonNode event =
          Json.MAPPER.readTree(Base64.getDecoder().decode(message.path("data").asText("")));
      return event(GoogleChatEvent.of(event)).map(List::of).orElseGet(List::of);
    } catch (IOException | IllegalArgumentException e) {
      return List.of();
    }
  }

  private static Optional<InboundEvent> event(GoogleChatEvent event) {
    String sender = event.user().path("name").asText("");
    // Names go into addresses of calls.
    boolean isPlace =
        SPACE.matcher(event.space().path("name").asText("")).matches()
            && THREAD.matcher(event.message().path("thread").path("name").asText("")).matches();
    if (!isPlace || sender.isEmpty() || event.user().path("type").asText("").equals("BOT")) {
      return Optional.empty();
    }
    JsonNode message = event.message();
    return switch (event.type()) {
      case MESSAGE, ADDED_TO_SPACE ->
          message.hasNonNull("name")
              ? Optional.of(
                  event(
                          event,
                          message.has("slashCommand") ? Kind.COMMAND : Kind.MESSAGE,
                          "m:" + message.path("name").asText(""),
                          text(message))
                      .with(attachments(message)))
              : Optional.empty();
      case CARD_CLICKED ->
          Optional.of(
              event(
                  event,
                  Kind.BUTTON,
                  "b:%s:%s:%s".formatted(message.path("name").asText(""), sender, event.time()),
                  event.parameter(PRESSED)));
      case APP_COMMAND ->
          Optional.of(
              event(
                  event,
                  Kind.COMMAND,
                  "c:%s:%s:%s"
                      .formatted(event.space().path("name").asText(""), sender, event.time()),
                  text(message)));
      case OTHER -> Optional.empty();
    };
  }

  /** What is in Google Drive is not given to applications. */
  private static List<SentFile> attachments(JsonNode message) {
    List<SentFile> files = new ArrayList<>();
    for (JsonNode one : message.path("attachment")) {
      String resource = one.path("attachmentDataRef").path("resourceName").asText("");
      files.add(
          new SentFile(
              one.path("contentName").asText("file"),
              one.path("contentType").asText(""),
              0,
              RESOURCE.matcher(resource).matches() ? resource : ""));
    }
    return files;
  }

  private static InboundEvent event(GoogleChatEvent event, Kind kind, String id, String text) {
    JsonNode space = event.space();
    boolean isDirect =
        space.path("spaceType").asText("").equals("DIRECT_MESSAGE")
            || space.path("type").asText("").equals("DM")
            || space.path("singleUserBotDm").asBoolean();
    String channel = space.path("name").asText("");
    String thread = event.message().path("thread").path("name").asText("");
    boolean isThread =
        !isDirect
            && !thread.isEmpty()
            && !space.path("spaceThreadingState").asText("").equals("UNTHREADED_MESSAGES");
    return new InboundEvent(
        kind,
        id,
        isThread ? thread : channel,
        channel,
        event.user().path("name").asText(""),
        text,
        isDirect,
        // In a space Google tells us of nothing else.
        !isDirect);
  }

  /** Without our own name. */
  private static String text(JsonNode message) {
    return message.path("argumentText").asText(message.path("text").asText("")).strip();
  }

  private static ObjectNode greeting(GoogleChatEvent event) {
    ObjectNode message = Json.MAPPER.createObjectNode().put("text", GREETING);
    if (!event.isAddOn()) {
      return message;
    }
    ObjectNode reply = Json.MAPPER.createObjectNode();
    reply
        .putObject("hostAppDataAction")
        .putObject("chatDataAction")
        .putObject("createMessageAction")
        .set("message", message);
    return reply;
  }

  private static WebhookReply json(ObjectNode body) {
    return new WebhookReply(200, "application/json", body.toString());
  }
}
