package dev.concert.ensemble.demo;

import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.demo.task.ToolExchange;
import dev.concert.ensemble.message.Message;
import dev.concert.ensemble.message.MessageRole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A conversation as the demo model sees it.
 *
 * @param request the last message of the user; empty if there is none
 * @param exchanges the tool calls since then that have results
 * @param lastFile the file that tools used last before that
 * @param toolCalls the number of all tool calls
 */
record Transcript(
    String request, List<ToolExchange> exchanges, Optional<String> lastFile, int toolCalls) {

  static Transcript of(List<Message> messages) {
    int start = lastUserMessage(messages);
    List<ToolCall> before = calls(messages.subList(0, Math.max(start, 0)));
    List<Message> since = messages.subList(start + 1, messages.size());
    return new Transcript(
        start < 0 ? "" : messages.get(start).plainText().strip(),
        exchanges(since),
        lastFile(before),
        before.size() + calls(since).size());
  }

  private static int lastUserMessage(List<Message> messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).role() == MessageRole.USER) {
        return i;
      }
    }
    return -1;
  }

  private static List<ToolExchange> exchanges(List<Message> messages) {
    Map<String, String> results = new HashMap<>();
    messages.stream()
        .filter(message -> message.role() == MessageRole.TOOL)
        .forEach(message -> results.put(message.toolCallId(), message.plainText()));
    return calls(messages).stream()
        .filter(call -> results.containsKey(call.id()))
        .map(call -> new ToolExchange(call, results.get(call.id())))
        .toList();
  }

  private static List<ToolCall> calls(List<Message> messages) {
    List<ToolCall> calls = new ArrayList<>();
    for (Message message : messages) {
      for (ContentBlock part : message.parts()) {
        if (part instanceof ToolCallBlock tool) {
          calls.add(tool.call());
        }
      }
    }
    return calls;
  }

  private static Optional<String> lastFile(List<ToolCall> calls) {
    return calls.reversed().stream()
        .filter(call -> call.arguments() != null && call.name().endsWith("_file"))
        .map(call -> call.arguments().path("path").asText())
        .filter(path -> !path.isEmpty())
        .findFirst();
  }
}
