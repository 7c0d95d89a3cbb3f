package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.Body;
import java.util.function.Consumer;

/**
 * The events of one output item.
 *
 * @param to takes each event with its {@code type}
 * @param index place of the item in the answer
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
        Body.newObject().put("type", type).put("item_id", id).put("output_index", index);
    fields.accept(event);
    to.accept(event);
  }

  private void whole(String type, ObjectNode item) {
    ObjectNode event = Body.newObject().put("type", type).put("output_index", index);
    // The item goes on growing while the event waits for its turn.
    event.set("item", item.deepCopy());
    to.accept(event);
  }
}
