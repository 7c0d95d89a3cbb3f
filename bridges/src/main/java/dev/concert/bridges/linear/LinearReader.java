package dev.concert.bridges.linear;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.InboundEvent.Kind;
import dev.concert.bridges.platform.SentFile;
import dev.concert.bridges.platform.WebhookResult;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what Linear sends, after its signature was checked. Pure. */
final class LinearReader {
  /** The id of an event that begins a session begins with this. */
  static final String BEGUN = "s:";

  private LinearReader() {}

  /**
   * @param files those that a text links to
   */
  static WebhookResult read(
      ChatConnection connection, JsonNode request, Function<String, List<SentFile>> files) {
    if (!request.path("organizationId").asText("").equals(connection.account().id())) {
      return new WebhookResult.Answer(
          new WebhookReply(403, "text/plain", "This is another workspace."));
    }
    boolean isOurs =
        request.path("type").asText("").equals("AgentSessionEvent")
            && request.path("appUserId").asText("").equals(connection.account().botUserId());
    Optional<InboundEvent> event =
        !isOurs
            ? Optional.empty()
            : switch (request.path("action").asText("")) {
              case "created" -> created(connection, request);
              case "prompted" -> prompted(connection, request);
              default -> Optional.empty();
            };
    return new WebhookResult.Events(
        event.map(one -> one.with(files.apply(one.text()))).map(List::of).orElseGet(List::of),
        WebhookResult.received());
  }

  private static Optional<InboundEvent> created(ChatConnection connection, JsonNode request) {
    JsonNode session = request.path("agentSession");
    String id = session.path("id").asText("");
    JsonNode comment = session.path("comment");
    JsonNode issue = session.path("issue");
    JsonNode asked = request.path("agentActivity").path("content").path("body");
    String text =
        comment.hasNonNull("body")
            ? withoutMention(connection, comment.path("body").asText())
            : issue.isObject()
                ? task(issue)
                : asked.isTextual() ? asked.asText() : request.path("promptContext").asText("");
    return event(BEGUN + id, session, person(session, "creator"), text);
  }

  /** Who delegates an issue asks for what is written there. */
  private static String task(JsonNode issue) {
    return "Work on the issue %s: %s\n\n%s\n\n%s"
        .formatted(
            issue.path("identifier").asText(""),
            issue.path("title").asText(""),
            issue.path("description").asText(""),
            issue.path("url").asText(""))
        .replaceAll("\n{3,}", "\n\n")
        .strip();
  }

  private static Optional<InboundEvent> prompted(ChatConnection connection, JsonNode request) {
    JsonNode activity = request.path("agentActivity");
    JsonNode content = activity.path("content");
    if (!content.path("type").asText("").equals("prompt")) {
      return Optional.empty();
    }
    String text =
        activity.path("signal").asText("").equals("stop")
            ? "stop"
            : withoutMention(connection, content.path("body").asText(""));
    return event(
        "a:" + activity.path("id").asText(""),
        request.path("agentSession"),
        person(activity, "user"),
        text);
  }

  private static String person(JsonNode of, String role) {
    return of.path(role + "Id").asText(of.path(role).path("id").asText(""));
  }

  /** A session that is about no issue is a chat with the agent alone. */
  private static Optional<InboundEvent> event(
      String id, JsonNode session, String sender, String text) {
    String conversation = session.path("id").asText("");
    if (conversation.isEmpty() || sender.isEmpty()) {
      return Optional.empty();
    }
    boolean isDirect = !session.path("issue").isObject() && !session.path("comment").isObject();
    return Optional.of(
        new InboundEvent(
            Kind.MESSAGE, id, conversation, conversation, sender, text.strip(), isDirect, true));
  }

  /** A mention is a name with an at sign, or a link to the profile. */
  private static String withoutMention(ChatConnection connection, String text) {
    String name =
        Pattern.quote(connection.settings().getOrDefault(LinearPlatform.APP_NAME, "\u0000"));
    return Pattern.compile(
            "@%1$s\\b|\\[@?%1$s]\\(https://linear\\.app/[^)\\s]*\\)".formatted(name),
            Pattern.CASE_INSENSITIVE)
        .matcher(text)
        .replaceAll(Matcher.quoteReplacement(" "))
        .strip();
  }
}
