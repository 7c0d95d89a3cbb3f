package dev.concert.coordinator.ipc;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.concert.nativeagent.NativeEvent.Question;
import java.util.List;
import java.util.Objects;

/**
 * One piece of an agent's work, as it comes in {@code stream_update}. Field by field the table of
 * docs/agent-protocol.md; durations are milliseconds; {@code toolCallId} of terminal elements is
 * null for output of no tool call.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type", defaultImpl = Element.Unknown.class)
@JsonSubTypes({
  @JsonSubTypes.Type(value = Element.TextDelta.class, name = "text_delta"),
  @JsonSubTypes.Type(value = Element.TextFinal.class, name = "text_final"),
  @JsonSubTypes.Type(value = Element.ThinkingStart.class, name = "thinking_start"),
  @JsonSubTypes.Type(value = Element.Thinking.class, name = "thinking"),
  @JsonSubTypes.Type(value = Element.ThinkingComplete.class, name = "thinking_complete"),
  @JsonSubTypes.Type(value = Element.ToolCallStart.class, name = "tool_call_start"),
  @JsonSubTypes.Type(value = Element.ToolCallDelta.class, name = "tool_call_delta"),
  @JsonSubTypes.Type(value = Element.ToolCall.class, name = "tool_call"),
  @JsonSubTypes.Type(value = Element.ToolResult.class, name = "tool_result"),
  @JsonSubTypes.Type(value = Element.ToolError.class, name = "tool_error"),
  @JsonSubTypes.Type(value = Element.TerminalOutput.class, name = "terminal_output"),
  @JsonSubTypes.Type(value = Element.TerminalComplete.class, name = "terminal_complete"),
  @JsonSubTypes.Type(value = Element.Questions.class, name = "question"),
  @JsonSubTypes.Type(value = Element.Permission.class, name = "permission"),
  @JsonSubTypes.Type(value = Element.ContextUsage.class, name = "context_usage"),
  @JsonSubTypes.Type(value = Element.CodeBlock.class, name = "code_block"),
})
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public sealed interface Element {

  record TextDelta(String text) implements Element {
    public TextDelta {
      Objects.requireNonNull(text, "text");
    }
  }

  record TextFinal(String text) implements Element {
    public TextFinal {
      Objects.requireNonNull(text, "text");
    }
  }

  record ThinkingStart() implements Element {}

  record Thinking(String text) implements Element {
    public Thinking {
      Objects.requireNonNull(text, "text");
    }
  }

  record ThinkingComplete(long durationMs) implements Element {}

  record ToolCallStart(String toolCallId, String toolName) implements Element {
    public ToolCallStart {
      Objects.requireNonNull(toolCallId, "tool_call_id");
      Objects.requireNonNull(toolName, "tool_name");
    }
  }

  record ToolCallDelta(String toolCallId, String argumentsDelta) implements Element {
    public ToolCallDelta {
      Objects.requireNonNull(toolCallId, "tool_call_id");
      Objects.requireNonNull(argumentsDelta, "arguments_delta");
    }
  }

  record ToolCall(String toolCallId, String toolName, JsonNode arguments) implements Element {
    public ToolCall {
      Objects.requireNonNull(toolCallId, "tool_call_id");
      Objects.requireNonNull(toolName, "tool_name");
    }
  }

  record ToolResult(String toolCallId, JsonNode output, boolean truncated, long durationMs)
      implements Element {
    public ToolResult {
      Objects.requireNonNull(toolCallId, "tool_call_id");
    }
  }

  record ToolError(String toolCallId, String code, String message) implements Element {
    public ToolError {
      Objects.requireNonNull(toolCallId, "tool_call_id");
    }
  }

  record TerminalOutput(String toolCallId, String stream, String text) implements Element {
    public TerminalOutput {
      Objects.requireNonNull(text, "text");
    }
  }

  record TerminalComplete(String toolCallId, int exitCode, long durationMs) implements Element {}

  record Questions(String questionId, List<Question> questions) implements Element {
    public Questions {
      Objects.requireNonNull(questionId, "question_id");
      questions = questions == null ? List.of() : List.copyOf(questions);
    }
  }

  record Permission(
      String questionId, String toolCallId, String toolName, JsonNode arguments, String reason)
      implements Element {
    public Permission {
      Objects.requireNonNull(questionId, "question_id");
    }
  }

  record ContextUsage(long usedTokens, long maxTokens) implements Element {}

  record CodeBlock(String language, String text) implements Element {
    public CodeBlock {
      Objects.requireNonNull(text, "text");
    }
  }

  /** An element of a later protocol: it is passed over. */
  record Unknown() implements Element {}
}
