package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.Body;

/** A tool call while it grows. */
final class CallItem {
  private final ItemEvents events;
  private final String callId;
  private final String name;
  private final StringBuilder arguments = new StringBuilder();

  CallItem(ItemEvents events, String callId, String name) {
    this.events = events;
    this.callId = callId;
    this.name = name;
    events.added(item("in_progress"));
  }

  void append(String piece) {
    arguments.append(piece);
    events.send("response.function_call_arguments.delta", event -> event.put("delta", piece));
  }

  boolean isEmpty() {
    return arguments.isEmpty();
  }

  int index() {
    return events.index();
  }

  /**
   * @param carried what has to come back with the call; empty for nothing
   */
  ObjectNode finish(String status, String carried) {
    ObjectNode item = item(status);
    if (!carried.isEmpty()) {
      item.put("ensemble_opaque", carried);
    }
    events.send(
        "response.function_call_arguments.done",
        event -> event.put("name", name).put("arguments", arguments.toString()));
    events.done(item);
    return item;
  }

  private ObjectNode item(String status) {
    return Body.newObject()
        .put("id", events.id())
        .put("type", "function_call")
        .put("status", status)
        .put("call_id", callId)
        .put("name", name)
        .put("arguments", arguments.toString());
  }
}
