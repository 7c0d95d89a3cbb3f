package dev.concert.gateway.agent;

import dev.concert.nativeagent.NativeEvent;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.UsageTotals;
import java.util.List;

/**
 * What a client is shown of what an agent did: the table of the event pipeline. A pure function; an
 * event gives none, one or several client events.
 */
public final class NativeEventMapper {
  private NativeEventMapper() {}

  /**
   * @param usage what the turn has used so far, for the event that ends it
   */
  public static List<ServerEvent> map(NativeEvent event, UsageTotals usage) {
    return switch (event) {
      case NativeEvent.TextDelta e -> textual(e.text(), new ServerEvent.TextDelta(e.text()));
      case NativeEvent.TextFinal _ -> List.of();
      case NativeEvent.Complete e ->
          List.of(new ServerEvent.TurnComplete(e.finalText(), e.stopReason(), usage));
      case NativeEvent.Failed e ->
          List.of(new ServerEvent.TurnError(e.code(), e.message(), e.retryable()));
      case NativeEvent.ToolCallStart e ->
          List.of(new ServerEvent.ToolCallStart(e.toolCallId(), e.toolName()));
      case NativeEvent.ToolCallDelta e ->
          textual(
              e.argumentsDelta(),
              new ServerEvent.ToolCallDelta(e.toolCallId(), e.argumentsDelta()));
      case NativeEvent.ToolCall e ->
          List.of(new ServerEvent.ToolCall(e.toolCallId(), e.toolName(), e.arguments()));
      case NativeEvent.ToolResult e ->
          List.of(
              new ServerEvent.ToolResult(
                  e.toolCallId(), e.output(), e.truncated(), e.durationMs()));
      case NativeEvent.ToolError e ->
          List.of(new ServerEvent.ToolError(e.toolCallId(), e.code(), e.message()));
      case NativeEvent.QuestionRequested e ->
          List.of(
              new ServerEvent.QuestionRequested(
                  e.questionId(),
                  e.questions().stream().map(NativeEventMapper::question).toList()));
      case NativeEvent.PermissionRequested e ->
          List.of(
              new ServerEvent.PermissionRequested(
                  e.questionId(), e.toolCallId(), e.toolName(), e.arguments(), e.reason()));
      case NativeEvent.ThinkingStart _ -> List.of(new ServerEvent.ThinkingStart());
      case NativeEvent.ThinkingProgress e ->
          textual(e.text(), new ServerEvent.ThinkingProgress(e.text()));
      case NativeEvent.ThinkingComplete e ->
          List.of(new ServerEvent.ThinkingComplete(e.durationMs()));
      case NativeEvent.TerminalStream e ->
          textual(e.text(), new ServerEvent.TerminalStream(e.toolCallId(), e.stream(), e.text()));
      case NativeEvent.TerminalComplete e ->
          List.of(new ServerEvent.TerminalComplete(e.toolCallId(), e.exitCode(), e.durationMs()));
      case NativeEvent.SandboxInit e -> List.of(new ServerEvent.SandboxInit(e.provider()));
      case NativeEvent.SandboxProvisioning e ->
          List.of(new ServerEvent.SandboxProvisioning(e.phase(), e.message()));
      case NativeEvent.SandboxReady _ -> List.of(new ServerEvent.SandboxReady());
      case NativeEvent.SandboxRemoved e -> List.of(new ServerEvent.SandboxRemoved(e.reason()));
      case NativeEvent.Usage e ->
          List.of(
              new ServerEvent.UsageUpdate(
                  e.model(),
                  e.provider(),
                  e.inputTokens(),
                  e.outputTokens(),
                  e.cachedTokens(),
                  e.cost()));
      case NativeEvent.ContextUsage e ->
          List.of(
              new ServerEvent.UsageContext(
                  e.usedTokens(),
                  e.maxTokens(),
                  e.maxTokens() > 0 ? (double) e.usedTokens() / e.maxTokens() : 0));
      case NativeEvent.FileChanged e ->
          List.of(new ServerEvent.FileChanged(e.path(), e.change(), e.iteration(), e.from()));
      case NativeEvent.WorkspaceTrouble e ->
          List.of(new ServerEvent.Error(e.code(), e.message(), null));
      case NativeEvent.WorkspaceRecovered _ -> List.of(new ServerEvent.SandboxReady());
    };
  }

  /** An empty piece of text is nothing to show. */
  private static List<ServerEvent> textual(String text, ServerEvent event) {
    return text == null || text.isEmpty() ? List.of() : List.of(event);
  }

  private static ServerEvent.Question question(NativeEvent.Question question) {
    return new ServerEvent.Question(
        question.key(), question.prompt(), question.kind(), question.options());
  }
}
