package dev.concert.platform.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be said of a list of events. */
public final class Events {
  private static final Set<String> MERGEABLE =
      Set.of("text_delta", "thinking_progress", "tool_call_delta", "terminal_stream");

  private Events() {}

  public static List<JsonNode> ofType(List<JsonNode> events, String type) {
    return events.stream().filter(ProtocolClient.ofType(type)).toList();
  }

  public static List<String> types(List<JsonNode> events) {
    return events.stream().map(event -> event.path("type").asText()).toList();
  }

  /** The text of all events of this type, joined. */
  public static String text(List<JsonNode> events, String type) {
    return ofType(events, type).stream()
        .map(event -> event.path("text").asText())
        .collect(Collectors.joining());
  }

  /** The states that the session went through. */
  public static List<String> states(List<JsonNode> events) {
    return ofType(events, "session_state").stream()
        .map(event -> event.path("state").asText())
        .toList();
  }

  private static long first(JsonNode event) {
    return event.path("firstSeq").asLong(event.path("seq").asLong());
  }

  /** Fails unless these events follow {@code afterSeq} without a hole and without a repeat. */
  public static void verifyWhole(List<JsonNode> events, long afterSeq) {
    long last = afterSeq;
    for (JsonNode event : events) {
      assertThat(first(event)).as("the event after %d: %s", last, event).isEqualTo(last + 1);
      last = event.path("seq").asLong();
    }
  }

  /**
   * The same events in a form that does not depend on where a replay merged them: neighbours that
   * may be merged are.
   */
  public static List<String> merged(List<JsonNode> events) {
    return mergedEvents(events).stream().map(ObjectNode::toString).toList();
  }

  private static List<ObjectNode> mergedEvents(List<JsonNode> events) {
    List<ObjectNode> merged = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    ObjectNode kind = null;
    for (JsonNode event : events) {
      ObjectNode one = event.deepCopy();
      one.remove(List.of("ts", "firstSeq", "requestId"));
      if (!kind(one).equals(kind)) {
        finish(merged, text);
        kind = MERGEABLE.contains(one.path("type").asText()) ? kind(one) : null;
        merged.add(one);
      }
      text.append(one.path(textField(one)).asText());
      merged.getLast().set("seq", one.get("seq"));
    }
    finish(merged, text);
    return merged;
  }

  private static void finish(List<ObjectNode> merged, StringBuilder text) {
    if (!merged.isEmpty() && merged.getLast().has(textField(merged.getLast()))) {
      merged.getLast().put(textField(merged.getLast()), text.toString());
    }
    text.setLength(0);
  }

  private static String textField(ObjectNode event) {
    return event.has("argumentsDelta") ? "argumentsDelta" : "text";
  }

  /**
   * Fails unless a replay gives everything that was received before, at the same places: what is
   * replayed goes on where it ended.
   */
  public static void verifyKept(List<JsonNode> received, List<JsonNode> replayed) {
    List<ObjectNode> before = mergedEvents(received);
    List<ObjectNode> after = mergedEvents(replayed);
    assertThat(after).hasSizeGreaterThanOrEqualTo(before.size());
    int last = before.size() - 1;
    assertThat(after.subList(0, last)).isEqualTo(before.subList(0, last));
    ObjectNode cut = before.getLast();
    assertThat(kind(after.get(last))).isEqualTo(kind(cut));
    assertThat(pieces(after.get(last))).startsWith(pieces(cut));
    assertThat(after.get(last).path("seq").asLong())
        .isGreaterThanOrEqualTo(cut.path("seq").asLong());
  }

  private static String pieces(ObjectNode event) {
    return event.path("text").asText() + event.path("argumentsDelta").asText();
  }

  private static ObjectNode kind(ObjectNode event) {
    ObjectNode kind = event.deepCopy();
    kind.remove(List.of("seq", "text", "argumentsDelta"));
    return kind;
  }
}
