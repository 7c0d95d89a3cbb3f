package dev.concert.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.List;

/** Shows a turn to a person: thinking dimmed, tools with their arguments, output as it comes. */
public final class TerminalView implements TurnView {
  private static final int HASH = 12;
  private static final int MAX_ARGUMENTS = 400;

  private final PrintStream out;
  private final boolean colours;
  private boolean atLineStart = true;
  private String section = "";

  /**
   * @param colours whether {@code out} is a terminal that shows them
   */
  public TerminalView(PrintStream out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  @Override
  public void session(String sessionId) {
    line(Style.DIM, "session " + sessionId);
  }

  @Override
  public void event(GatewaySocket.Frame frame) {
    JsonNode event = frame.json();
    switch (event.path("type").asText()) {
      case "session_state" -> state(event);
      case "sandbox_provisioning" ->
          line(
              Style.DIM,
              "· sandbox: " + event.path("message").asText(event.path("phase").asText()));
      case "thinking_progress" -> flow("thinking", Style.DIM, event.path("text").asText());
      case "text_delta" -> flow("text", Style.PLAIN, event.path("text").asText());
      case "tool_call" -> tool(event);
      case "tool_error" ->
          line(
              Style.BAD,
              "✗ " + event.path("code").asText() + ": " + event.path("message").asText());
      case "tool_result" -> result(event);
      case "terminal_stream" -> terminal(event);
      case "terminal_complete" -> terminalEnd(event);
      case "permission_requested" -> permission(event);
      case "question_requested" ->
          event
              .path("questions")
              .forEach(question -> line(Style.WARN, "? " + question.path("prompt").asText()));
      case "approval_resolved" -> resolved(event);
      default -> {
        // The rest is for programs: --json shows it.
      }
    }
  }

  private void state(JsonNode event) {
    if (event.path("state").asText().equals("activating")) {
      line(Style.DIM, "· starting the agent");
    }
  }

  private void tool(JsonNode event) {
    String arguments = event.path("arguments").toString();
    line(
        Style.TOOL,
        "▸ "
            + event.path("toolName").asText()
            + " "
            + (arguments.length() > MAX_ARGUMENTS
                ? arguments.substring(0, MAX_ARGUMENTS) + " …"
                : arguments));
  }

  /** Nobody shall allow what they were not shown: what was cut above is shown whole. */
  private void permission(JsonNode event) {
    String arguments = event.path("arguments").toString();
    if (arguments.length() > MAX_ARGUMENTS) {
      line(Style.WARN, arguments);
    }
    line(
        Style.WARN,
        "? " + event.path("toolName").asText() + " asks: " + event.path("reason").asText());
  }

  private void result(JsonNode event) {
    String note = event.path("truncated").asBoolean() ? " (output cut)" : "";
    line(Style.DIM, "  done in " + event.path("durationMs").asLong() + " ms" + note);
  }

  private void terminal(JsonNode event) {
    boolean error = event.path("stream").asText().equals("stderr");
    if (!section.equals("terminal")) {
      line(Style.DIM, "┌─ terminal");
      section = "terminal";
    }
    String text = Style.harmless(event.path("text").asText());
    for (String piece : text.splitWithDelimiters("\n", 0)) {
      if (piece.equals("\n")) {
        out.println();
        atLineStart = true;
      } else if (!piece.isEmpty()) {
        out.print(
            (atLineStart ? "│ " : "") + (error ? Style.BAD : Style.PLAIN).paint(piece, colours));
        atLineStart = false;
      }
    }
    out.flush();
  }

  private void terminalEnd(JsonNode event) {
    int code = event.path("exitCode").asInt();
    line(
        code == 0 ? Style.DIM : Style.BAD,
        "└─ exit " + code + " after " + event.path("durationMs").asLong() + " ms");
  }

  private void resolved(JsonNode event) {
    if (event.has("approved")) {
      boolean yes = event.path("approved").asBoolean();
      line(yes ? Style.GOOD : Style.BAD, yes ? "  allowed" : "  refused");
    }
  }

  @Override
  public void files(List<ChangedFile> files) {
    if (files.isEmpty()) {
      return;
    }
    endLine();
    out.println();
    int width = files.stream().mapToInt(file -> file.path().length()).max().orElse(0);
    line(
        Style.BOLD,
        "%-8s  %-" + Math.max(width, 4) + "s  %9s  %8s  %s",
        "change",
        "file",
        "iteration",
        "bytes",
        "hash");
    for (ChangedFile file : files) {
      for (Iteration one : file.iterations()) {
        boolean last = one == file.iterations().getLast();
        line(
            last ? Style.PLAIN : Style.DIM,
            "%-8s  %-" + Math.max(width, 4) + "s  %9d  %8d  %s",
            last ? file.change() : "",
            file.path(),
            one.number(),
            one.size(),
            one.hash().isEmpty()
                ? "(deleted)"
                : one.hash().substring(0, Math.min(HASH, one.hash().length())));
      }
    }
  }

  @Override
  public void ended(JsonNode event) {
    endLine();
    out.println();
    if (event.path("type").asText().equals("turn_error")) {
      line(Style.BAD, "✗ %s: %s", event.path("code").asText(), event.path("message").asText());
      return;
    }
    JsonNode usage = event.path("usage");
    String stop = event.path("stopReason").asText();
    line(
        Style.DIM,
        "%s%d tokens in, %d out, %d cached, %d model calls, $%s",
        stop.equals("end") ? "" : "ended: " + stop + "; ",
        usage.path("inputTokens").asLong(),
        usage.path("outputTokens").asLong(),
        usage.path("cachedTokens").asLong(),
        usage.path("modelCalls").asLong(),
        usage.path("cost").asText("0"));
  }

  /** A piece of running text. */
  private void flow(String kind, Style style, String text) {
    if (!section.equals(kind)) {
      endLine();
      section = kind;
    }
    String shown = Style.harmless(text);
    out.print(style.paint(shown, colours));
    atLineStart = shown.endsWith("\n");
    out.flush();
  }

  private void line(Style style, String format, Object... values) {
    endLine();
    String text = values.length == 0 ? format : format.formatted(values);
    out.println(style.paint(Style.harmless(text), colours));
    section = "";
  }

  private void endLine() {
    if (!atLineStart) {
      out.println();
      atLineStart = true;
    }
  }
}
