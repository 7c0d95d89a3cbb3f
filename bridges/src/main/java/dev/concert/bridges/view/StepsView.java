package dev.concert.bridges.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridges.platform.ChatCapabilities;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.platform.ChatText.Stage;
import dev.concert.bridges.platform.ChatText.WorkspaceFile;
import dev.concert.bridges.text.MessageSplitter;
import dev.concert.text.ShortText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A turn step by step: what the agent says on the way, each tool with its outcome, its plan, its
 * questions, and at last the answer. Nothing is shown before it is complete. Not thread-safe.
 */
final class StepsView implements ShownTurn {
  private static final int MAX_SHOWN = 600;

  private final String turnId;
  private final MessageSplitter splitter;
  private final boolean hasButtons;
  private final boolean takesFiles;
  private final Map<String, ChatText> messages = new LinkedHashMap<>();
  private final Map<String, ChatText> questions = new LinkedHashMap<>();
  private final Map<String, Step> plan = new LinkedHashMap<>();
  private final StringBuilder text = new StringBuilder();

  private String sessionId = "";
  private int segment;
  private int asked;
  private boolean said;
  private boolean ended;

  /** A step of a plan, and how far it is: a space, {@code -} or {@code x}. */
  private record Step(String title, char mark) {}

  StepsView(String turnId, ChatCapabilities capabilities) {
    this.turnId = turnId;
    this.splitter = new MessageSplitter(capabilities.maxLength(), capabilities.length());
    this.hasButtons = capabilities.hasButtons();
    this.takesFiles = capabilities.takesFiles();
  }

  @Override
  public boolean ended() {
    return ended;
  }

  @Override
  public Map<String, ChatText> messages() {
    return new LinkedHashMap<>(messages);
  }

  @Override
  public void add(JsonNode event) {
    if (!turnId.equals(event.path("turnId").asText()) || ended) {
      return;
    }
    sessionId = event.path("sessionId").asText();
    switch (event.path("type").asText()) {
      case "text_delta" -> {
        said = true;
        text.append(event.path("text").asText());
      }
      case "model.retry" -> {
        if (event.path("replaces").asBoolean()) {
          text.setLength(0);
        }
      }
      case "tool_call" -> {
        close(Stage.WORKING);
        show(toolKey(event), Stage.ACTION, tool(event));
      }
      case "tool_result" -> finished(event, event.path("output").asText());
      case "tool_error" -> finished(event, "⚠️ " + event.path("message").asText());
      case "permission_requested", "question_requested" -> ask(event);
      case "approval_resolved" -> resolve(event);
      case "plan.created", "plan.revised" -> plan(event);
      case "plan.step_started" -> step(event, '-');
      case "plan.step_completed" -> step(event, 'x');
      case "turn_complete" -> complete(event);
      case "turn_error" -> {
        close(Stage.WORKING);
        text.append("⚠️ ").append(event.path("message").asText());
        end(Stage.FAILED);
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
    if (event.path("stopReason").asText().equals("stopped")) {
      close(Stage.WORKING);
      text.append("_Stopped._");
    }
    end(Stage.DONE);
  }

  private void end(Stage stage) {
    close(stage);
    ended = true;
  }

  private void ask(JsonNode event) {
    close(Stage.WORKING);
    ChatText question = AskedQuestion.of(event, ++asked, hasButtons);
    questions.put(event.path("questionId").asText(), question);
    messages.put(questionKey(event), question);
  }

  private void resolve(JsonNode event) {
    ChatText question = questions.remove(event.path("questionId").asText());
    if (question != null) {
      messages.put(questionKey(event), AskedQuestion.resolved(question, event));
    }
  }

  private String questionKey(JsonNode event) {
    return turnId + ":question:" + event.path("questionId").asText();
  }

  private String toolKey(JsonNode event) {
    return turnId + ":tool:" + event.path("toolCallId").asText();
  }

  private static String tool(JsonNode event) {
    return event.path("toolName").asText() + "\n" + shortened(event.path("arguments").toString());
  }

  private void finished(JsonNode event, String outcome) {
    ChatText tool = messages.get(toolKey(event));
    if (tool != null) {
      show(toolKey(event), Stage.ACTION, tool.text() + "\n" + shortened(outcome.strip()));
    }
  }

  private static String shortened(String shown) {
    return shown.length() > MAX_SHOWN ? ShortText.of(shown, MAX_SHOWN) + "…" : shown;
  }

  private void plan(JsonNode event) {
    Map<String, Step> before = Map.copyOf(plan);
    plan.clear();
    for (JsonNode one : event.path("steps")) {
      String id = one.path("stepId").asText();
      char mark = before.containsKey(id) ? before.get(id).mark() : ' ';
      plan.put(id, new Step(one.path("title").asText().replace('\n', ' '), mark));
    }
    showPlan();
  }

  private void step(JsonNode event, char mark) {
    Step changed =
        plan.computeIfPresent(
            event.path("stepId").asText(), (_, step) -> new Step(step.title(), mark));
    if (changed != null) {
      showPlan();
    }
  }

  private void showPlan() {
    show(
        turnId + ":plan",
        Stage.PLAN,
        plan.values().stream()
            .map(step -> "- [%s] %s".formatted(step.mark(), step.title()))
            .collect(Collectors.joining("\n")));
  }

  /** What was said so far is complete; the files that it names come first. */
  private void close(Stage stage) {
    List<String> paths = takesFiles ? FileMarkers.paths(text.toString()) : List.of();
    for (int i = 0; i < paths.size(); i++) {
      messages.put(
          "%s:%d:file:%d".formatted(turnId, segment, i),
          ChatText.of(new WorkspaceFile(sessionId, null, paths.get(i))));
    }
    String shown = FileMarkers.shown(text.toString(), takesFiles);
    boolean isOver = stage == Stage.DONE;
    List<String> pieces = splitter.split(isOver && shown.isBlank() ? "_Done._" : shown);
    for (int i = 0; i < pieces.size(); i++) {
      show("%s:%d:%d".formatted(turnId, segment, i), stage, pieces.get(i));
    }
    if (!text.isEmpty()) {
      segment++;
      text.setLength(0);
    }
  }

  private void show(String key, Stage stage, String shown) {
    messages.put(key, ChatText.of(shown).at(stage));
  }
}
