package dev.concert.bridges.matrix;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.platform.ChatText.Button;
import dev.concert.bridges.view.OpenButtons;
import dev.concert.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The contents of events that we send. Pure. */
final class MatrixContent {
  /** Our own key in a message, by which it is found again. */
  static final String KEY = "dev.concert.key";

  /** The signs by which people answer, and the short names of what they stand for. */
  static final String SIGNS = "dev.concert.signs";

  static final String RELATES_TO = "m.relates_to";
  static final String THREAD = "m.thread";
  static final String REPLACE = "m.replace";

  /** Of the 64 KiB that an event may have. */
  private static final int MAX_BYTES = 60_000;

  private static final String YES = "👍";
  private static final String NO = "👎";
  private static final String KEYCAP = "\uFE0F\u20E3";
  private static final int KEYCAPS = 9;

  private MatrixContent() {}

  /** The room of a conversation. */
  static String room(String conversation) {
    return conversation.split("\\|", 2)[0];
  }

  /** The event that began the thread that a conversation is; empty for a whole room. */
  static Optional<String> thread(String conversation) {
    String[] parts = conversation.split("\\|", 2);
    return parts.length == 2 ? Optional.of(parts[1]) : Optional.empty();
  }

  /** The conversation that a thread is. */
  static String conversation(String room, String thread) {
    return room + "|" + thread;
  }

  /** A new message. */
  static ObjectNode message(String conversation, String key, ChatText text) {
    ObjectNode content = said(text.text()).put(KEY, key);
    signs(content, text.buttons());
    thread(conversation).ifPresent(root -> relate(content, root));
    return content;
  }

  /** A file that the homeserver has. */
  static ObjectNode file(
      String conversation, String key, String name, String comment, String address, int size) {
    ObjectNode content =
        Json.MAPPER
            .createObjectNode()
            .put("msgtype", "m.file")
            .put("body", comment.isEmpty() ? name : comment)
            .put("filename", name)
            .put("url", address)
            .put(KEY, key);
    content.putObject("info").put("size", size).put("mimetype", "application/octet-stream");
    content.putObject("m.mentions");
    thread(conversation).ifPresent(root -> relate(content, root));
    return content;
  }

  private static void relate(ObjectNode content, String root) {
    content
        .putObject(RELATES_TO)
        .put("rel_type", THREAD)
        .put("event_id", root)
        .put("is_falling_back", true)
        .putObject("m.in_reply_to")
        .put("event_id", root);
  }

  /** Another text for a message of ours; clients that know no changes show it with a star. */
  static ObjectNode change(String eventId, ChatText text) {
    ObjectNode changed = said("* " + text.text());
    changed.set("m.new_content", said(text.text()));
    changed.putObject(RELATES_TO).put("rel_type", REPLACE).put("event_id", eventId);
    return fitting(changed) ? changed : plain(changed);
  }

  private static boolean fitting(ObjectNode content) {
    return content.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
  }

  private static ObjectNode plain(ObjectNode content) {
    for (ObjectNode one : List.of(content, (ObjectNode) content.path("m.new_content"))) {
      one.remove(List.of("format", "formatted_body"));
    }
    return content;
  }

  /** A text that notifies nobody by name, whatever an agent writes. */
  private static ObjectNode said(String text) {
    ObjectNode content = Json.MAPPER.createObjectNode().put("msgtype", "m.text").put("body", text);
    MatrixMarkdown.html(text)
        .ifPresent(
            html -> content.put("format", "org.matrix.custom.html").put("formatted_body", html));
    content.putObject("m.mentions");
    return content;
  }

  private static void signs(ObjectNode content, List<Button> buttons) {
    if (buttons.isEmpty()) {
      return;
    }
    ArrayNode signs = content.putArray(SIGNS);
    for (int i = 0; i < Math.min(KEYCAPS, buttons.size()); i++) {
      Button button = buttons.get(i);
      signs.addObject().put("sign", sign(button, i + 1)).put("name", button.shortName());
    }
  }

  private static String sign(Button button, int number) {
    return button.value().endsWith("|" + OpenButtons.ALLOW)
        ? YES
        : button.value().endsWith("|" + OpenButtons.DENY) ? NO : number + KEYCAP;
  }

  /** The signs of a message, in order. */
  static List<String> signs(ObjectNode content) {
    List<String> signs = new ArrayList<>();
    content.path(SIGNS).forEach(one -> signs.add(one.path("sign").asText()));
    return signs;
  }

  /** A sign at a message. */
  static ObjectNode reaction(String eventId, String sign) {
    ObjectNode content = Json.MAPPER.createObjectNode();
    content
        .putObject(RELATES_TO)
        .put("rel_type", "m.annotation")
        .put("event_id", eventId)
        .put("key", sign);
    return content;
  }

  /** What is written in another way by some clients. */
  static String standard(String sign) {
    String plain = sign.replaceAll("[\uD83C][\uDFFB-\uDFFF]", "");
    return Map.of("✅", YES, "✔️", YES, "✔", YES, "👍️", YES, "❌", NO, "👎️", NO)
        .getOrDefault(plain, plain);
  }
}
