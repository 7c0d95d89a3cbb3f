// Tool calls, their results, and the output of the commands that they run.
import { closeText } from "./settle.js";

export const toolEvents = {
  tool_call_start(conversation, event) {
    toolOf(conversation, event);
  },

  tool_call_delta(conversation, event) {
    const tool = toolOf(conversation, event);
    tool.argumentsText += event.argumentsDelta;
    conversation.touch(tool);
  },

  tool_call(conversation, event) {
    const tool = toolOf(conversation, event);
    tool.toolName = event.toolName;
    tool.arguments = event.arguments;
    tool.status = "running";
    conversation.touch(tool);
  },

  tool_result(conversation, event) {
    const tool = toolOf(conversation, event);
    tool.status = "done";
    tool.output = event.output;
    tool.truncated = event.truncated;
    tool.durationMs = event.durationMs;
    conversation.touch(tool);
  },

  tool_error(conversation, event) {
    const tool = toolOf(conversation, event);
    tool.status = "failed";
    tool.error = { code: event.code, message: event.message };
    conversation.touch(tool);
  },

  terminal_stream(conversation, event) {
    const tool = toolOf(conversation, event);
    const terminal = (tool.terminal ??= emptyTerminal());
    const last = terminal.chunks.at(-1);
    // Pieces stay below a length, so that adding to one does not copy all of a huge output.
    if (last && last.stream === event.stream && last.text.length < 8_192) {
      last.text += event.text;
    } else {
      terminal.chunks.push({ stream: event.stream, text: event.text });
    }
    terminal.length += event.text.length;
    conversation.touch(tool);
  },

  terminal_complete(conversation, event) {
    const tool = toolOf(conversation, event);
    const terminal = (tool.terminal ??= emptyTerminal());
    terminal.exitCode = event.exitCode;
    terminal.durationMs = event.durationMs;
    if (!tool.toolName) {
      tool.status = "done";
    }
    conversation.touch(tool);
  },
};

const emptyTerminal = () => ({ chunks: [], length: 0, exitCode: null, durationMs: null });

/** The item of a tool call. Call ids are a model's and may come again in another turn. */
export function toolOf(conversation, event) {
  const key = `tool ${event.turnId} ${event.toolCallId ?? "terminal"}`;
  const known = conversation.find(key);
  if (known) {
    return known;
  }
  closeText(conversation);
  return conversation.add(
    "tool",
    event,
    { toolName: event.toolName ?? "", argumentsText: "", arguments: null, status: "writing", terminal: null },
    key,
  );
}
