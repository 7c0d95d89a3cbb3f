package dev.concert.nativeagent;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What an agent did, in Podium's own words: the names of reference/podium.md section 5.1.
 *
 * <p>Durations are milliseconds. {@code toolCallId} of terminal events is null for output that
 * belongs to no tool call.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event_type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = NativeEvent.TextDelta.class, name = "stream_update"),
  @JsonSubTypes.Type(value = NativeEvent.TextFinal.class, name = "text_final"),
  @JsonSubTypes.Type(value = NativeEvent.Complete.class, name = "stream_complete"),
  @JsonSubTypes.Type(value = NativeEvent.Failed.class, name = "error"),
  @JsonSubTypes.Type(value = NativeEvent.ToolCallStart.class, name = "tool.call_start"),
  @JsonSubTypes.Type(value = NativeEvent.ToolCallDelta.class, name = "tool.call_delta"),
  @JsonSubTypes.Type(value = NativeEvent.ToolCall.class, name = "tool.call"),
  @JsonSubTypes.Type(value = NativeEvent.ToolResult.class, name = "tool.result"),
  @JsonSubTypes.Type(value = NativeEvent.ToolError.class, name = "tool.error"),
  @JsonSubTypes.Type(value = NativeEvent.QuestionRequested.class, name = "tool.question_requested"),
  @JsonSubTypes.Type(
      value = NativeEvent.PermissionRequested.class,
      name = "tool.permission_requested"),
  @JsonSubTypes.Type(value = NativeEvent.ThinkingStart.class, name = "thinking.start"),
  @JsonSubTypes.Type(value = NativeEvent.ThinkingProgress.class, name = "thinking.progress"),
  @JsonSubTypes.Type(value = NativeEvent.ThinkingComplete.class, name = "thinking.complete"),
  @JsonSubTypes.Type(value = NativeEvent.TerminalStream.class, name = "terminal.stream"),
  @JsonSubTypes.Type(value = NativeEvent.TerminalComplete.class, name = "terminal.complete"),
  @JsonSubTypes.Type(value = NativeEvent.SandboxInit.class, name = "sandbox.init"),
  @JsonSubTypes.Type(value = NativeEvent.SandboxProvisioning.class, name = "sandbox.provisioning"),
  @JsonSubTypes.Type(value = NativeEvent.SandboxReady.class, name = "sandbox.ready"),
  @JsonSubTypes.Type(value = NativeEvent.SandboxRemoved.class, name = "sandbox.removed"),
  @JsonSubTypes.Type(value = NativeEvent.Usage.class, name = "usage"),
  @JsonSubTypes.Type(value = NativeEvent.ContextUsage.class, name = "usage.context"),
  @JsonSubTypes.Type(value = NativeEvent.FileChanged.class, name = "file.changed"),
  @JsonSubTypes.Type(value = NativeEvent.WorkspaceTrouble.class, name = "workspace.trouble"),
  @JsonSubTypes.Type(value = NativeEvent.WorkspaceRecovered.class, name = "workspace.recovered"),
})
public sealed interface NativeEvent {

  record TextDelta(String text) implements NativeEvent {}

  /** One finished passage of the answer, whole. Its text went out as {@link TextDelta} before. */
  record TextFinal(String text) implements NativeEvent {}

  /**
   * The agent is done with the message.
   *
   * @param stopReason {@code end}, {@code stopped} or {@code max_tokens}
   */
  record Complete(String messageId, String stopReason, String finalText) implements NativeEvent {}

  /**
   * The message will get no answer.
   *
   * @param messageId the message, or null when the process ended between two messages
   * @param code name of an {@code ErrorCode}
   * @param message safe to show
   */
  record Failed(String messageId, String code, String message, boolean retryable)
      implements NativeEvent {}

  record ToolCallStart(String toolCallId, String toolName) implements NativeEvent {}

  record ToolCallDelta(String toolCallId, String argumentsDelta) implements NativeEvent {}

  record ToolCall(String toolCallId, String toolName, JsonNode arguments) implements NativeEvent {}

  record ToolResult(String toolCallId, String output, boolean truncated, long durationMs)
      implements NativeEvent {}

  record ToolError(String toolCallId, String code, String message) implements NativeEvent {}

  record QuestionRequested(String questionId, List<Question> questions) implements NativeEvent {}

  record PermissionRequested(
      String questionId, String toolCallId, String toolName, JsonNode arguments, String reason)
      implements NativeEvent {}

  record ThinkingStart() implements NativeEvent {}

  record ThinkingProgress(String text) implements NativeEvent {}

  record ThinkingComplete(long durationMs) implements NativeEvent {}

  /**
   * @param stream {@code stdout} or {@code stderr}
   */
  record TerminalStream(String toolCallId, String stream, String text) implements NativeEvent {}

  record TerminalComplete(String toolCallId, int exitCode, long durationMs)
      implements NativeEvent {}

  record SandboxInit(String provider) implements NativeEvent {}

  /**
   * @param phase {@code creating}, {@code configuring} or {@code installing_deps}
   */
  record SandboxProvisioning(String phase, String message) implements NativeEvent {}

  record SandboxReady() implements NativeEvent {}

  record SandboxRemoved(String reason) implements NativeEvent {}

  /**
   * @param cost decimal number of US dollars
   */
  record Usage(
      String model,
      String provider,
      long inputTokens,
      long outputTokens,
      long cachedTokens,
      String cost)
      implements NativeEvent {}

  record ContextUsage(long usedTokens, long maxTokens) implements NativeEvent {}

  record FileChanged(String path, String change, long iteration, String from)
      implements NativeEvent {}

  /** The workspace cannot be written, or what is written not be recorded. */
  record WorkspaceTrouble(String code, String message) implements NativeEvent {}

  /** It can be again. */
  record WorkspaceRecovered() implements NativeEvent {}

  /**
   * @param kind {@code text}, {@code choice} or {@code secret}
   * @param options what to choose from; null unless kind is {@code choice}
   */
  record Question(String key, String prompt, String kind, List<String> options) {}
}
