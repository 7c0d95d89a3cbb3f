package dev.concert.coordinator.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.coordinator.ipc.AgentFrame;
import dev.concert.coordinator.ipc.Element;
import dev.concert.error.ErrorCode;
import dev.concert.inference.InferenceMessages.UsageReport;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.workspace.WorkspaceMessages.FileChange;
import java.util.Optional;

/** The one table from what the coordinator hears to native events. Pure. */
public final class NativeEvents {
  private NativeEvents() {}

  /** The event of an element; empty for one of a later protocol. */
  public static Optional<NativeEvent> of(Element element) {
    return switch (element) {
      case Element.TextDelta e -> Optional.of(new NativeEvent.TextDelta(e.text()));
      case Element.TextFinal e -> Optional.of(new NativeEvent.TextFinal(e.text()));
      case Element.ThinkingStart e -> Optional.of(new NativeEvent.ThinkingStart());
      case Element.Thinking e -> Optional.of(new NativeEvent.ThinkingProgress(e.text()));
      case Element.ThinkingComplete e ->
          Optional.of(new NativeEvent.ThinkingComplete(e.durationMs()));
      case Element.ToolCallStart e ->
          Optional.of(new NativeEvent.ToolCallStart(e.toolCallId(), e.toolName()));
      case Element.ToolCallDelta e ->
          Optional.of(new NativeEvent.ToolCallDelta(e.toolCallId(), e.argumentsDelta()));
      case Element.ToolCall e ->
          Optional.of(new NativeEvent.ToolCall(e.toolCallId(), e.toolName(), e.arguments()));
      case Element.ToolResult e ->
          Optional.of(
              new NativeEvent.ToolResult(
                  e.toolCallId(), text(e.output()), e.truncated(), e.durationMs()));
      case Element.ToolError e ->
          Optional.of(new NativeEvent.ToolError(e.toolCallId(), e.code(), e.message()));
      case Element.TerminalOutput e ->
          Optional.of(new NativeEvent.TerminalStream(e.toolCallId(), e.stream(), e.text()));
      case Element.TerminalComplete e ->
          Optional.of(
              new NativeEvent.TerminalComplete(e.toolCallId(), e.exitCode(), e.durationMs()));
      case Element.Questions e ->
          Optional.of(new NativeEvent.QuestionRequested(e.questionId(), e.questions()));
      case Element.Permission e ->
          Optional.of(
              new NativeEvent.PermissionRequested(
                  e.questionId(), e.toolCallId(), e.toolName(), e.arguments(), e.reason()));
      case Element.ContextUsage e ->
          Optional.of(new NativeEvent.ContextUsage(e.usedTokens(), e.maxTokens()));
      case Element.CodeBlock e -> Optional.of(new NativeEvent.TextDelta(markdown(e)));
      case Element.Unknown e -> Optional.empty();
    };
  }

  /** The event that ends a message. A code that is none of ours becomes {@code AGENT_ERROR}. */
  public static NativeEvent of(AgentFrame.Complete complete) {
    if (!"error".equals(complete.stopReason())) {
      return new NativeEvent.Complete(
          complete.messageId(), complete.stopReason(), complete.finalText());
    }
    AgentFrame.Failure error =
        complete.error() == null ? new AgentFrame.Failure(null, null, true) : complete.error();
    boolean known = ErrorCode.ofName(error.code()).isPresent();
    return new NativeEvent.Failed(
        complete.messageId(),
        known ? error.code() : ErrorCode.AGENT_ERROR.name(),
        known ? error.message() : error.code() + ": " + error.message(),
        error.retryable());
  }

  public static NativeEvent of(FileChange change) {
    return new NativeEvent.FileChanged(
        change.path(), change.change(), change.iteration(), change.from());
  }

  public static NativeEvent of(UsageReport usage) {
    return new NativeEvent.Usage(
        usage.model(),
        usage.provider(),
        usage.inputTokens(),
        usage.outputTokens(),
        usage.cachedTokens(),
        usage.cost());
  }

  private static String text(JsonNode output) {
    if (output == null || output.isNull()) {
      return "";
    }
    return output.isTextual() ? output.textValue() : output.toString();
  }

  private static String markdown(Element.CodeBlock block) {
    String language = block.language() == null ? "" : block.language();
    return "```" + language + "\n" + block.text() + "\n```\n";
  }
}
