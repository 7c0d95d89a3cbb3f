package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.OpaqueToken;
import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.CustomTool;

/**
 * Writes a call of one of the client's tools while it streams. The arguments of a function are
 * streamed; those of other tools are sent whole, because they are converted.
 */
final class ToolCallItem {
  private final ItemEvents events;
  private final String callId;
  private final DeclaredTools.Declared tool;
  private final StringBuilder arguments = new StringBuilder();

  ToolCallItem(ItemEvents events, String callId, DeclaredTools.Declared tool) {
    this.events = events;
    this.callId = callId;
    this.tool = tool;
    events.added(item("in_progress"));
  }

  /** How ids of such items begin. */
  static String prefix(DeclaredTools.Declared tool) {
    return switch (tool.kind()) {
      case FUNCTION -> "fc";
      case CUSTOM -> "ctc";
      case SEARCH -> "tsc";
    };
  }

  void append(String piece) {
    arguments.append(piece);
    if (tool.kind() == DeclaredTools.Kind.FUNCTION) {
      events.send("response.function_call_arguments.delta", event -> event.put("delta", piece));
    }
  }

  boolean isEmpty() {
    return arguments.isEmpty();
  }

  int index() {
    return events.index();
  }

  /**
   * @param carried the token that has to come back with the call; empty for none
   */
  ObjectNode finish(String status, String carried) {
    ObjectNode item = item(status);
    if (!carried.isEmpty()) {
      item.put(OpaqueToken.FIELD, carried);
    }
    switch (tool.kind()) {
      case FUNCTION ->
          events.send(
              "response.function_call_arguments.done",
              event -> event.put("name", tool.name()).put("arguments", arguments.toString()));
      case CUSTOM -> {
        String input = CustomTool.input(arguments.toString());
        events.send("response.custom_tool_call_input.delta", event -> event.put("delta", input));
        events.send("response.custom_tool_call_input.done", event -> event.put("input", input));
      }
      case SEARCH -> {
        // It has no events of its own.
      }
    }
    events.done(item);
    return item;
  }

  private ObjectNode item(String status) {
    ObjectNode item = VendorJson.newObject().put("id", events.id());
    return switch (tool.kind()) {
      case FUNCTION -> {
        item.put("type", "function_call").put("status", status).put("call_id", callId);
        if (!tool.namespace().isEmpty()) {
          item.put("namespace", tool.namespace());
        }
        yield item.put("name", tool.name()).put("arguments", arguments.toString());
      }
      case CUSTOM -> {
        item.put("type", "custom_tool_call").put("status", status).put("call_id", callId);
        if (!tool.namespace().isEmpty()) {
          item.put("namespace", tool.namespace());
        }
        String input = arguments.isEmpty() ? "" : CustomTool.input(arguments.toString());
        yield item.put("name", tool.name()).put("input", input);
      }
      case SEARCH -> {
        item.put("type", "tool_search_call").put("status", status).put("call_id", callId);
        JsonNode parsed = ToolCall.ofText(callId, tool.name(), arguments.toString()).arguments();
        item.put("execution", "client");
        yield item.set("arguments", parsed == null ? VendorJson.newObject() : parsed);
      }
    };
  }
}
