package dev.concert.bridges.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.platform.ChatText.Button;
import dev.concert.bridges.platform.ChatText.Stage;
import dev.concert.text.ShortText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Permissions and questions as messages with buttons. Pure. */
final class AskedQuestion {
  private static final int MAX_ARGUMENTS = 600;

  private AskedQuestion() {}

  /**
   * @param number of the question in its turn, from 1
   * @param hasButtons whether people press buttons; else the text says what to write
   */
  static ChatText of(JsonNode event, int number, boolean hasButtons) {
    ChatText asked =
        event.path("type").asText().equals("permission_requested")
            ? permission(event)
            : question(event);
    return (hasButtons || asked.buttons().isEmpty() ? asked : typed(asked, number))
        .at(Stage.ASKING);
  }

  /** What becomes of it once it is answered. */
  static ChatText resolved(ChatText asked, JsonNode event) {
    JsonNode approved = event.path("approved");
    String outcome =
        event.path("dismissed").asBoolean()
            ? "Dismissed"
            : !approved.isBoolean() ? "Answered" : approved.asBoolean() ? "Allowed" : "Denied";
    return ChatText.of(asked.text() + "\n_" + outcome + "._").at(Stage.WORKING);
  }

  /** The first question of a turn needs no number. */
  private static ChatText typed(ChatText asked, int number) {
    String suffix = number == 1 ? "" : " " + number;
    List<Button> buttons =
        asked.buttons().stream()
            .map(one -> new Button(one.label() + suffix, one.value(), one.isPrimary()))
            .toList();
    String answers =
        buttons.stream().map(one -> "`" + one.label() + "`").collect(Collectors.joining(" or "));
    return new ChatText(
        "%s\n_Answer %s._".formatted(asked.text(), answers), buttons, asked.onlyFor());
  }

  private static ChatText permission(JsonNode event) {
    String arguments = event.path("arguments").toString();
    String shown =
        arguments.length() > MAX_ARGUMENTS
            ? ShortText.of(arguments, MAX_ARGUMENTS) + "…"
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
            new Button("Allow", value + OpenButtons.ALLOW, true),
            new Button("Deny", value + OpenButtons.DENY, false)),
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
}
