package dev.concert.bridges.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.InboundEvent.Kind;
import dev.concert.bridges.platform.SentFile;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads events of rooms. Pure. */
final class MatrixReader {
  private static final Set<String> FILES = Set.of("m.file", "m.image", "m.audio", "m.video");
  private static final Set<String> SAID = Set.of("m.text", "m.emote");
  private static final Pattern QUOTE = Pattern.compile("\\A(?:> .*\n)+\n?");

  private MatrixReader() {}

  /** The id of an event of a room, as an event of a person. */
  static String id(String eventId) {
    return "m:" + eventId;
  }

  /** Without what a bot says, ourselves for one. */
  static boolean isOfPerson(ChatConnection connection, JsonNode event) {
    return !event.path("sender").asText("").equals(connection.account().botUserId())
        && !event.path("content").path("msgtype").asText("").equals("m.notice");
  }

  /** The room and the thread of an event. */
  static String conversation(JsonNode event) {
    String room = event.path("room_id").asText("");
    JsonNode relation = event.path("content").path(MatrixContent.RELATES_TO);
    return relation.path("rel_type").asText("").equals(MatrixContent.THREAD)
        ? MatrixContent.conversation(room, relation.path("event_id").asText(""))
        : room;
  }

  /**
   * What somebody writes; empty where it is something else.
   *
   * @param isDirect whether only that person and the bot are there
   */
  static Optional<InboundEvent> message(
      ChatConnection connection, JsonNode event, boolean isDirect) {
    JsonNode content = event.path("content");
    String type = content.path("msgtype").asText("");
    boolean isFile = FILES.contains(type);
    if (!isFile && !SAID.contains(type)) {
      return Optional.empty();
    }
    String body = isFile ? comment(content) : content.path("body").asText("");
    String said = withoutQuote(content, body);
    Pattern name = name(connection);
    boolean isMention = isNamed(connection, content) || name.matcher(said).find();
    String place = conversation(event);
    // What is said to us in a room begins a thread.
    boolean beginsThread = !isDirect && MatrixContent.thread(place).isEmpty();
    String eventId = event.path("event_id").asText("");
    InboundEvent message =
        new InboundEvent(
            Kind.MESSAGE,
            id(eventId),
            beginsThread ? MatrixContent.conversation(place, eventId) : place,
            event.path("room_id").asText(""),
            event.path("sender").asText(""),
            name.matcher(said).replaceFirst("").strip(),
            isDirect,
            isMention);
    return Optional.of(isFile ? message.with(List.of(file(content))) : message);
  }

  /** Another text for a message of before, or the end of one; empty where it is something else. */
  static Optional<InboundEvent> change(ChatConnection connection, JsonNode event) {
    JsonNode content = event.path("content");
    boolean isGone = event.path("type").asText("").equals("m.room.redaction");
    String about =
        isGone
            ? event.path("redacts").asText(content.path("redacts").asText(""))
            : content.path(MatrixContent.RELATES_TO).path("event_id").asText("");
    JsonNode changed = content.path("m.new_content");
    return about.isEmpty()
        ? Optional.empty()
        : Optional.of(
            InboundEvent.change(
                isGone ? Kind.DELETE : Kind.EDIT,
                id(event.path("event_id").asText("")),
                id(about),
                event.path("room_id").asText(""),
                event.path("sender").asText(""),
                name(connection)
                    .matcher(changed.path("body").asText(""))
                    .replaceFirst("")
                    .strip()));
  }

  static boolean isChange(JsonNode event) {
    return event
        .path("content")
        .path(MatrixContent.RELATES_TO)
        .path("rel_type")
        .asText("")
        .equals(MatrixContent.REPLACE);
  }

  /**
   * What a sign at a message of ours stands for; empty where it stands for nothing.
   *
   * @param about the message
   */
  static Optional<InboundEvent> pressed(
      ChatConnection connection, JsonNode event, JsonNode about, boolean isDirect) {
    String sign =
        MatrixContent.standard(
            event.path("content").path(MatrixContent.RELATES_TO).path("key").asText(""));
    if (!about.path("sender").asText("").equals(connection.account().botUserId())) {
      return Optional.empty();
    }
    for (JsonNode one : about.path("content").path(MatrixContent.SIGNS)) {
      if (one.path("sign").asText("").equals(sign)) {
        return Optional.of(
            new InboundEvent(
                Kind.BUTTON,
                id(event.path("event_id").asText("")),
                conversation(((ObjectNode) about).put("room_id", event.path("room_id").asText(""))),
                event.path("room_id").asText(""),
                event.path("sender").asText(""),
                one.path("name").asText(""),
                isDirect,
                true));
      }
    }
    return Optional.empty();
  }

  private static boolean isNamed(ChatConnection connection, JsonNode content) {
    for (JsonNode user : content.path("m.mentions").path("user_ids")) {
      if (user.asText("").equals(connection.account().botUserId())) {
        return true;
      }
    }
    return false;
  }

  /** Its whole id anywhere, or its name in front. */
  private static Pattern name(ChatConnection connection) {
    String id = connection.account().botUserId();
    String localpart = id.substring(1).split(":", 2)[0];
    return Pattern.compile(
        "(?:(?<!\\S)%s(?![\\w.-])|\\A\\s*@?%s(?=[:,]))[:,]?\\s*"
            .formatted(Pattern.quote(id), Pattern.quote(localpart)),
        Pattern.CASE_INSENSITIVE);
  }

  /** Some clients repeat what is replied to. */
  private static String withoutQuote(JsonNode content, String body) {
    return content.path(MatrixContent.RELATES_TO).has("m.in_reply_to")
        ? QUOTE.matcher(body).replaceFirst("")
        : body;
  }

  /** With a name of its own, the body of a file is what its sender says to it. */
  private static String comment(JsonNode content) {
    String body = content.path("body").asText("");
    String name = content.path("filename").asText(body);
    return name.equals(body) ? "" : body;
  }

  private static SentFile file(JsonNode content) {
    return new SentFile(
        content.path("filename").asText(content.path("body").asText("file")),
        content.path("info").path("mimetype").asText(""),
        content.path("info").path("size").asLong(),
        content.path("url").asText(""));
  }
}
