package dev.concert.bridges.linear;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.platform.ChatText;
import dev.concert.json.Json;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Messages in the form of Linear's mutations. Pure. */
final class LinearActivity {
  private LinearActivity() {}

  /**
   * The same name gives the same id, so that Linear takes an activity once. Linear wants version 4.
   */
  static String id(String name) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      ByteBuffer bits = ByteBuffer.wrap(hash);
      long high = bits.getLong() & 0xffff_ffff_ffff_0fffL | 0x4000L;
      long low = bits.getLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
      return new UUID(high, low).toString();
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("Every Java platform has SHA-256", e);
    }
  }

  /** A thought that goes away with the next activity. */
  static ObjectNode passing(String session, String id, String body) {
    ObjectNode input = input(session, id).put("ephemeral", true);
    input.putObject("content").put("type", "thought").put("body", body);
    return input;
  }

  /**
   * @param page where people pair; empty for none
   */
  static ObjectNode of(String session, String id, ChatText text, Optional<URI> page) {
    ObjectNode input = input(session, id);
    ObjectNode content = input.putObject("content");
    switch (text.stage()) {
      case ACTION -> action(input, content, text.text());
      case ASKING -> asking(input, content, text, page);
      case WORKING, PLAN -> content.put("type", "thought").put("body", text.text());
      case DONE -> content.put("type", "response").put("body", text.text());
      case FAILED -> content.put("type", "error").put("body", text.text());
    }
    return input;
  }

  private static ObjectNode input(String session, String id) {
    return Json.MAPPER.createObjectNode().put("agentSessionId", session).put("id", id);
  }

  /** What a tool does goes away when it is known what it did. */
  private static void action(ObjectNode input, ObjectNode content, String text) {
    String[] lines = text.split("\n", 3);
    content
        .put("type", "action")
        .put("action", lines[0])
        .put("parameter", lines.length > 1 ? lines[1] : "");
    if (lines.length == 3) {
      content.put("result", lines[2]);
    } else {
      input.put("ephemeral", true);
    }
  }

  private static void asking(
      ObjectNode input, ObjectNode content, ChatText text, Optional<URI> page) {
    content.put("type", "elicitation").put("body", text.text());
    if (!text.buttons().isEmpty()) {
      input.put("signal", "select");
      ArrayNode options = input.putObject("signalMetadata").putArray("options");
      text.buttons()
          .forEach(one -> options.addObject().put("label", one.label()).put("value", one.label()));
    } else if (text.onlyFor() != null && page.isPresent()) {
      input.put("signal", "auth");
      input
          .putObject("signalMetadata")
          .put("url", page.get().toString())
          .put("userId", text.onlyFor())
          .put("providerName", "Concert");
    }
  }

  /** A task list of Markdown as Linear's plan. */
  static ObjectNode plan(String text) {
    ObjectNode input = Json.MAPPER.createObjectNode();
    ArrayNode steps = input.putArray("plan");
    for (String line : text.split("\n")) {
      if (line.matches("- \\[[ x-]] .*")) {
        String status =
            switch (line.toLowerCase(Locale.ROOT).charAt(3)) {
              case 'x' -> "completed";
              case '-' -> "inProgress";
              default -> "pending";
            };
        steps.addObject().put("content", line.substring(6)).put("status", status);
      }
    }
    return input;
  }
}
