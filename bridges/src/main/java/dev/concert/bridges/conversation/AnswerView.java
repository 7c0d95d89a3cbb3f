package dev.concert.bridges.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridges.platform.ChatCapabilities;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.platform.ChatText.Button;
import dev.concert.bridges.text.MessageSplitter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a turn looks like in a chat: messages by their keys, in order, made of the turn's events.
 * The same events make the same messages, so a follower that begins again after a crash changes
 * nothing that is there. Not thread-safe.
 */
final class AnswerView {
  private static final int MAX_ARGUMENTS = 600;

  private final String turnId;
  private final ChatCapabilities capabilities;
  private final MessageSplitter splitter;
  private final Map<String, ChatText> messages = new LinkedHashMap<>();
  private final StringBuilder text = new StringBuilder();
  private final Map<String, ChatText> questions = new LinkedHashMap<>();
  private Optional<String> tool = Optional.empty();

  /** Where the text of the latest model call begins. */
  private int callStart;

  private int segment;
  private boolean said;
  private boolean ended;

  AnswerView(String turnId, ChatCapabilities capabilities) {
    this.turnId = turnId;
    this.capabilities = capabilities;
    this.splitter = new MessageSplitter(capabilities.maxLength(), capabilities.length());
  }

  /** Whether the turn is over. */
  boolean ended() {
    return ended;
  }

  /** Takes an event of the session; those of other turns change nothing. */
  void add(JsonNode event) {
    if (!turnId.equals(event.path("turnId").asText()) || ended) {
      return;
    }
    switch (event.path("type").asText()) {
      case "text_delta" -> {
        said = true;
        text.append(event.path("text").asText());
      }
      case "tool_call_start" -> {
        tool = Optional.of(event.path("toolName").asText());
        callStart = text.length();
      }
      case "model.retry" -> {
        if (event.path("replaces").asBoolean()) {
          text.setLength(callStart);
        }
      }
      case "tool_result", "tool_error" -> tool = Optional.empty();
      case "permission_requested" -> ask(event, permission(event));
      case "question_requested" -> ask(event, question(event));
      case "approval_resolved" -> resolve(event);
      case "turn_complete" -> complete(event);
      case "turn_error" -> {
        text.append(text.isEmpty() ? "" : "\n\n").append("⚠️ ");
        text.append(event.path("message").asText());
        ended = true;
        closeSegment();
      }
      default -> {
        // Everything else is for those who look at the session itself.
      }
    }
  }

  private void complete(JsonNode event) {
    if (!said) {
      text.append(event.path("finalText").asText());
    }
    tool = Optional.empty();
    if (event.path("stopReason").asText().equals("stopped")) {
      text.append(text.isEmpty() ? "" : "\n\n").append("_Stopped._");
    } else if (text.isEmpty() && messages.isEmpty()) {
      text.append("_Done._");
    }
    ended = true;
    closeSegment();
  }

  private void ask(JsonNode event, ChatText question) {
    tool = Optional.empty();
    if (text.isEmpty() && messages.containsKey(key(0))) {
      text.append("_I have a question._");
    }
    closeSegment();
    String id = event.path("questionId").asText();
    questions.put(id, question);
    messages.put(turnId + ":question:" + id, question);
  }

  private static ChatText permission(JsonNode event) {
    String arguments = event.path("arguments").toString();
    String shown =
        arguments.length() > MAX_ARGUMENTS
            ? arguments.substring(0, MAX_ARGUMENTS) + "…"
            : arguments;
    String reason = event.path("reason").asText("");
    String value = value(event);
    return new ChatText(
        "**May I use `%s`?**%s\n```\n%s\n```"
            .formatted(
                event.path("toolName").asText(),
                reason.isEmpty() || reason.equals("null") ? "" : "\n" + reason,
                shown.replace("```", "'''")),
        List.of(
            new Button("Allow", value + "allow", true), new Button("Deny", value + "deny", false)),
        null);
  }

  private static ChatText question(JsonNode event) {
    JsonNode asked = event.path("questions");
    StringBuilder shown = new StringBuilder();
    List<Button> buttons = new ArrayList<>();
    for (JsonNode one : asked) {
      shown
          .append(shown.isEmpty() ? "" : "\n")
          .append("**")
          .append(one.path("prompt").asText())
          .append("**");
      boolean isChoice = one.path("kind").asText().equals("choice") && asked.size() == 1;
      for (JsonNode option : isChoice ? one.path("options") : List.<JsonNode>of()) {
        buttons.add(
            new Button(
                option.asText(),
                value(event) + one.path("key").asText() + "|" + option.asText(),
                false));
      }
    }
    if (buttons.isEmpty()) {
      shown.append("\n_Answer on the page of the session._");
    }
    return new ChatText(shown.toString(), buttons, null);
  }

  /** What a button brings back: the session, the question, and what was pressed. */
  private static String value(JsonNode event) {
    return "%s|%s|".formatted(event.path("sessionId").asText(), event.path("questionId").asText());
  }

  private void resolve(JsonNode event) {
    String id = event.path("questionId").asText();
    ChatText asked = questions.remove(id);
    if (asked == null) {
      return;
    }
    JsonNode approved = event.path("approved");
    String outcome =
        event.path("dismissed").asBoolean()
            ? "Dismissed"
            : !approved.isBoolean() ? "Answered" : approved.asBoolean() ? "Allowed" : "Denied";
    messages.put(turnId + ":question:" + id, ChatText.of(asked.text() + "\n_" + outcome + "._"));
  }

  /** What was said so far stays where it is; what comes next is below. */
  private void closeSegment() {
    pieces(text.toString());
    if (!text.isEmpty()) {
      segment++;
      text.setLength(0);
      callStart = 0;
    }
  }

  private void pieces(String shown) {
    List<String> pieces = splitter.split(shown);
    for (int i = 0; i < pieces.size(); i++) {
      messages.put(key(i), ChatText.of(pieces.get(i)));
    }
  }

  /** The messages now, by key, in order. */
  Map<String, ChatText> messages() {
    boolean waits = !questions.isEmpty() && text.isEmpty();
    if (!ended && capabilities.canEdit() && !waits) {
      pieces(text.toString());
      tool.map("_Using %s …_"::formatted)
          .or(() -> text.isEmpty() ? Optional.of("_Working …_") : Optional.empty())
          .ifPresent(this::showStatus);
    }
    return new LinkedHashMap<>(messages);
  }

  /** Below what was said, where there is room: it goes away again. */
  private void showStatus(String status) {
    List<String> pieces = splitter.split(text.toString());
    int last = Math.max(0, pieces.size() - 1);
    String shown = pieces.isEmpty() ? status : pieces.getLast() + "\n\n" + status;
    if (capabilities.length().applyAsInt(shown) <= capabilities.maxLength()) {
      messages.put(key(last), ChatText.of(shown));
    }
  }

  private String key(int piece) {
    return "%s:%d:%d".formatted(turnId, segment, piece);
  }
}
