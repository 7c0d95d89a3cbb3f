package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.OpaqueToken;
import dev.concert.ensemble.compatible.VendorJson;

/** Writes a message of one text part while it streams. */
final class MessageItem {
  private final ItemEvents events;
  private final StringBuilder text = new StringBuilder();

  MessageItem(ItemEvents events) {
    this.events = events;
    events.added(item("in_progress"));
    events.send("response.content_part.added", event -> place(event).set("part", part("")));
  }

  void append(String piece) {
    text.append(piece);
    events.send(
        "response.output_text.delta",
        event -> place(event).put("delta", piece).putArray("logprobs"));
  }

  /**
   * @param opaque nullable
   */
  ObjectNode finish(Opaque opaque, String status) {
    ObjectNode part = part(text.toString());
    ObjectNode item = item(status);
    if (opaque != null) {
      part.put("ensemble_opaque", OpaqueToken.text(opaque));
      opaque.from("openai").ifPresent(theirs -> show(theirs, item, part));
    }
    events.send(
        "response.output_text.done",
        event -> place(event).put("text", text.toString()).putArray("logprobs"));
    events.send("response.content_part.done", event -> place(event).set("part", part));
    item.withArray("content").add(part);
    events.done(item);
    return item;
  }

  /** Adds the fields of OpenAI that clients read. */
  private static void show(JsonNode theirs, ObjectNode item, ObjectNode part) {
    VendorJson.copy(theirs.path("item"), "phase", item);
    VendorJson.copy(theirs.path("part"), "annotations", part);
  }

  private ObjectNode item(String status) {
    ObjectNode item =
        VendorJson.newObject()
            .put("id", events.id())
            .put("type", "message")
            .put("status", status)
            .put("role", "assistant");
    item.putArray("content");
    return item;
  }

  private static ObjectNode part(String text) {
    ObjectNode part = VendorJson.newObject().put("type", "output_text").put("text", text);
    part.putArray("annotations");
    part.putArray("logprobs");
    return part;
  }

  private static ObjectNode place(ObjectNode event) {
    return event.put("content_index", 0);
  }
}
