package dev.concert.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Shows a turn to a user: thinking dimmed, tools with their arguments, output as it comes. */
public final class TerminalView implements TurnView {
  private static final int HASH = 12;
  private static final int MAX_ARGUMENTS = 400;

  /** Characters of a line that is erased again: fewer than any terminal has columns. */
  private static final int PREVIEW = 30;

  private static final String ERASE_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final boolean colours;
  private final MarkdownStream markdown = new MarkdownStream();
  private boolean previewed;
  private boolean atLineStart = true;
  private final AgentPlan plan = new AgentPlan();
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
      case "text_delta" -> text(event.path("text").asText());
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
      case "model.retry" -> retry(event);
      case "context.compacted" ->
          line(
              Style.DIM,
              String.format(
                  Locale.ROOT,
                  "· the conversation was summarised: %,d tokens became %,d",
                  event.path("tokensBefore").asLong(),
                  event.path("tokensAfter").asLong()));
      case "plan.created", "plan.revised", "plan.step_started", "plan.step_completed" ->
          plan.lines(event).forEach(text -> line(Style.DIM, text));
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

  private void retry(JsonNode event) {
    long seconds = Math.max(1, Math.round(event.path("delayMs").asLong() / 1000.0));
    String again = event.path("replaces").asBoolean() ? ", and the answer begins again" : "";
    line(
        Style.WARN,
        "· %s Retrying in %d s%s".formatted(event.path("message").asText(), seconds, again));
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

  /** Shows arguments in full if they were cut above, so that a user sees what they allow. */
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
      event.path("details").asText().lines().forEach(line -> line(Style.DIM, "  %s", line));
      return;
    }
    JsonNode usage = event.path("usage");
    String stop = event.path("stopReason").asText();
    line(
        Style.DIM,
        "%s%d tokens in, %d out, %d cached, %d model calls, %s",
        stop.equals("end") ? "" : "ended: " + stop + "; ",
        usage.path("inputTokens").asLong(),
        usage.path("outputTokens").asLong(),
        usage.path("cachedTokens").asLong(),
        usage.path("modelCalls").asLong(),
        usage.hasNonNull("cost") ? "$" + usage.path("cost").asText() : "cost unknown");
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

  /** A program that reads gets the Markdown; a person sees what it means, block by block. */
  private void text(String piece) {
    if (!colours) {
      flow("text", Style.PLAIN, piece);
      return;
    }
    if (!section.equals("text")) {
      endLine();
      section = "text";
    }
    List<String> ready = markdown.add(Style.harmless(piece));
    clearPreview();
    ready.forEach(out::println);
    String pending = markdown.pending().strip();
    if (!pending.isEmpty()) {
      int begin = Math.max(0, pending.length() - PREVIEW);
      out.print(Style.DIM.paint(pending.substring(begin), true));
      previewed = true;
    }
    out.flush();
  }

  /**
   * A block that is not finished is shown by the end of its last line, so that a person sees it
   * grow.
   */
  private void clearPreview() {
    if (previewed) {
      out.print(ERASE_LINE);
      previewed = false;
    }
  }

  private void endLine() {
    clearPreview();
    markdown.end().forEach(out::println);
    if (!atLineStart) {
      out.println();
      atLineStart = true;
    }
  }
}
