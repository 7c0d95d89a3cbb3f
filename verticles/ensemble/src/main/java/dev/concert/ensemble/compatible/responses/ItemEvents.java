package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.VendorJson;
import java.util.function.Consumer;

/**
 * Writes the events of one output item.
 *
 * @param to receives each event with its {@code type}
 * @param index the item's place in the response
 */
record ItemEvents(Consumer<ObjectNode> to, String id, int index) {

  void added(ObjectNode item) {
    whole("response.output_item.added", item);
  }

  void done(ObjectNode item) {
    whole("response.output_item.done", item);
  }

  void send(String type, Consumer<ObjectNode> fields) {
    ObjectNode event =
        VendorJson.newObject().put("type", type).put("item_id", id).put("output_index", index);
    fields.accept(event);
    to.accept(event);
  }

  private void whole(String type, ObjectNode item) {
    ObjectNode event = VendorJson.newObject().put("type", type).put("output_index", index);
    // The item still grows while the event is queued.
    event.set("item", item.deepCopy());
    to.accept(event);
  }
}
