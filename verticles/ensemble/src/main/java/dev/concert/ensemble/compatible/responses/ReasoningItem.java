package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.OpaqueToken;
import dev.concert.ensemble.compatible.VendorJson;

/** Writes reasoning, with a summary of at most one part, while it streams. */
final class ReasoningItem {
  private final ItemEvents events;
  private final StringBuilder text = new StringBuilder();

  ReasoningItem(ItemEvents events) {
    this.events = events;
    events.added(item());
  }

  void append(String piece) {
    if (text.isEmpty()) {
      events.send(
          "response.reasoning_summary_part.added", event -> place(event).set("part", part("")));
    }
    text.append(piece);
    events.send("response.reasoning_summary_text.delta", event -> place(event).put("delta", piece));
  }

  /**
   * @param carried the data that has to come back; an empty object for none
   */
  ObjectNode finish(JsonNode carried) {
    ObjectNode item = item();
    if (!text.isEmpty()) {
      ObjectNode part = part(text.toString());
      events.send(
          "response.reasoning_summary_text.done",
          event -> place(event).put("text", text.toString()));
      events.send("response.reasoning_summary_part.done", event -> place(event).set("part", part));
      item.withArray("summary").add(part);
    }
    if (!carried.isEmpty()) {
      item.put("encrypted_content", OpaqueToken.text(carried));
    }
    events.done(item);
    return item;
  }

  private ObjectNode item() {
    ObjectNode item = VendorJson.newObject().put("id", events.id()).put("type", "reasoning");
    item.putArray("summary");
    return item;
  }

  private static ObjectNode part(String text) {
    return VendorJson.newObject().put("type", "summary_text").put("text", text);
  }

  private static ObjectNode place(ObjectNode event) {
    return event.put("summary_index", 0);
  }
}
