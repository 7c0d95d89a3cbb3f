package dev.concert.bridges.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridges.platform.ChatCapabilities;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.platform.ChatText.Stage;
import dev.concert.bridges.platform.ChatText.WorkspaceFile;
import dev.concert.bridges.text.MessageSplitter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A turn as one answer that grows, cut by its questions. Not thread-safe. */
final class AnswerView implements ShownTurn {
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
  private int asked;
  private boolean said;
  private boolean ended;

  AnswerView(String turnId, ChatCapabilities capabilities) {
    this.turnId = turnId;
    this.capabilities = capabilities;
    this.splitter = new MessageSplitter(capabilities.maxLength(), capabilities.length());
  }

  @Override
  public boolean ended() {
    return ended;
  }

  @Override
  public void add(JsonNode event) {
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
      case "permission_requested", "question_requested" -> ask(event);
      case "approval_resolved" -> resolve(event);
      case "turn_complete" -> complete(event);
      case "turn_error" -> {
        text.append(text.isEmpty() ? "" : "\n\n").append("⚠️ ");
        text.append(event.path("message").asText());
        ended = true;
        closeSegment(event);
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
    } else if (shown().isBlank() && (messages.isEmpty() || !text.isEmpty())) {
      text.append(text.isEmpty() ? "" : "\n").append("_Done._");
    }
    ended = true;
    closeSegment(event);
  }

  private void ask(JsonNode event) {
    ChatText question = AskedQuestion.of(event, ++asked, capabilities.hasButtons());
    tool = Optional.empty();
    if (text.isEmpty() && messages.containsKey(key(0))) {
      text.append("_I have a question._");
    }
    closeSegment(event);
    String id = event.path("questionId").asText();
    questions.put(id, question);
    messages.put(turnId + ":question:" + id, question);
  }

  private void resolve(JsonNode event) {
    String id = event.path("questionId").asText();
    ChatText question = questions.remove(id);
    if (question != null) {
      messages.put(turnId + ":question:" + id, AskedQuestion.resolved(question, event));
    }
  }

  /** What was said so far stays where it is; what comes next is below. */
  private void closeSegment(JsonNode event) {
    pieces(shown());
    if (!text.isEmpty()) {
      files(event);
      segment++;
      text.setLength(0);
      callStart = 0;
    }
  }

  private void files(JsonNode event) {
    List<String> paths = capabilities.takesFiles() ? FileMarkers.paths(text.toString()) : List.of();
    for (int i = 0; i < paths.size(); i++) {
      messages.put(
          "%s:%d:file:%d".formatted(turnId, segment, i),
          ChatText.of(new WorkspaceFile(event.path("sessionId").asText(), null, paths.get(i))));
    }
  }

  /** Without the lines that name files. */
  private String shown() {
    return FileMarkers.shown(text.toString(), capabilities.takesFiles());
  }

  private void pieces(String shown) {
    List<String> pieces = splitter.split(shown);
    for (int i = 0; i < pieces.size(); i++) {
      messages.put(key(i), ChatText.of(pieces.get(i)));
    }
  }

  @Override
  public Map<String, ChatText> messages() {
    boolean waits = !questions.isEmpty() && text.isEmpty();
    if (!ended && capabilities.canEdit() && !waits) {
      pieces(shown());
      showGrowing(
          tool.map("Using %s …"::formatted).orElseGet(() -> text.isEmpty() ? "Working …" : ""));
    }
    return new LinkedHashMap<>(messages);
  }

  /** What the agent does is below what it said, where there is room: it goes away again. */
  private void showGrowing(String doing) {
    List<String> pieces = splitter.split(shown());
    int last = Math.max(0, pieces.size() - 1);
    ChatText growing = ChatText.growing(pieces.isEmpty() ? "" : pieces.getLast(), doing);
    if (growing.text().isBlank()
        || capabilities.length().applyAsInt(growing.text()) > capabilities.maxLength()) {
      return;
    }
    if (!capabilities.canStream()) {
      messages.put(key(last), ChatText.of(growing.text()).at(Stage.WORKING));
    } else if (last == 0) {
      // The end of a piece may be that of a code block which goes on.
      messages.put(key(0), growing.saying(shown().stripTrailing()));
    } else {
      messages.put(key(last), growing);
    }
  }

  private String key(int piece) {
    return "%s:%d:%d".formatted(turnId, segment, piece);
  }
}
