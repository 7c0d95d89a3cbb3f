package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bus.Json;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import dev.concert.ensemble.block.ToolCallStart;
import dev.concert.ensemble.compatible.Body;
import dev.concert.ensemble.compatible.Carried;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Blocks as output items. One text or reasoning is open at a time, and any number of calls.
 *
 * <p>What a vendor wants back travels where this form's clients keep what they do not read:
 *
 * <ul>
 *   <li>with reasoning, as its {@code encrypted_content}, whole blocks of a vendor likewise
 *   <li>with a call, in a reasoning item of its own behind the call, for clients with typed items
 *       drop every other field ({@code ensemble_opaque} where the loss would not matter)
 *   <li>with text, as {@code ensemble_opaque} of its part
 * </ul>
 *
 * <p>Not thread-safe.
 */
final class OutputItems {
  private static final String ORIGIN = "openai";
  private static final String OURS = "_ens_";
  private static final String COMPLETED = "completed";
  private static final String INCOMPLETE = "incomplete";

  private final String requestId;
  private final Consumer<ObjectNode> events;
  private final Map<Integer, ObjectNode> finished = new TreeMap<>();
  private final Map<String, CallItem> calls = new LinkedHashMap<>();
  private MessageItem message;
  private ReasoningItem reasoning;
  private int place;
  private int messagePlace;
  private int reasoningPlace;

  /**
   * @param events takes what happens to the items, in the vendor's order
   */
  OutputItems(String requestId, Consumer<ObjectNode> events) {
    this.requestId = requestId;
    this.events = events;
  }

  /** Whether an item's id is one that this class gave. */
  static boolean isOurs(String id) {
    return id.contains(OURS);
  }

  void add(Block block) {
    switch (block) {
      case TextBlock text -> text(text);
      case ThinkingBlock thinking -> thinking(thinking);
      case ToolCallStart start -> begin(start.call().id(), start.call().name());
      case ToolCallDelta piece -> {
        CallItem call = calls.get(piece.call().id());
        if (call != null && !piece.call().rawArguments().isEmpty()) {
          call.append(piece.call().rawArguments());
        }
      }
      case ToolCallBlock call -> call(call);
      case OpaqueBlock opaque -> opaque(opaque.opaque());
    }
  }

  /** The answer is over: what is still open was cut. */
  void end(boolean completed) {
    closeReasoning(Body.newObject());
    closeMessage(null, completed ? COMPLETED : INCOMPLETE);
    calls.values().forEach(call -> finished.put(call.index(), call.finish(INCOMPLETE, "")));
    calls.clear();
  }

  /** The finished items in their order. */
  ArrayNode written() {
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    finished.values().forEach(items::add);
    return items;
  }

  private void text(TextBlock text) {
    Opaque opaque = payload(text.opaque());
    if (message == null && (!text.text().isEmpty() || opaque != null)) {
      closeReasoning(Body.newObject());
      messagePlace = place;
      message = new MessageItem(next("msg"));
    }
    if (!text.text().isEmpty()) {
      message.append(text.text());
    }
    if (text.opaque() != null) {
      closeMessage(opaque, COMPLETED);
    }
  }

  private void thinking(ThinkingBlock piece) {
    Opaque opaque = payload(piece.opaque());
    boolean says = !piece.text().isEmpty() || piece.signature() != null || opaque != null;
    if (reasoning == null && says) {
      closeMessage(null, COMPLETED);
      reasoningPlace = place;
      reasoning = new ReasoningItem(next("rs"));
    }
    if (!piece.text().isEmpty()) {
      reasoning.append(piece.text());
    }
    if (piece.signature() != null || piece.opaque() != null) {
      ObjectNode carried = Body.newObject();
      if (piece.signature() != null) {
        carried.put("signature", piece.signature());
      }
      if (opaque != null) {
        carried.set("opaque", Json.MAPPER.valueToTree(opaque));
      }
      closeReasoning(carried);
    }
  }

  private void begin(String id, String name) {
    closeReasoning(Body.newObject());
    closeMessage(null, COMPLETED);
    calls.put(id, new CallItem(next("fc"), id, name));
  }

  private void call(ToolCallBlock block) {
    String id = block.call().id();
    if (!calls.containsKey(id)) {
      begin(id, block.call().name());
    }
    CallItem call = calls.remove(id);
    if (call.isEmpty()) {
      call.append(block.call().argumentsText());
    }
    Opaque opaque = block.opaque();
    boolean optional = opaque != null && opaque.origin().equals(ORIGIN);
    finished.put(call.index(), call.finish(COMPLETED, optional ? Carried.text(opaque) : ""));
    if (opaque != null && !optional) {
      carrier(Body.newObject().put("call", id), "opaque", opaque);
    }
  }

  /** OpenAI's own items have a form here; those of others ride in one. */
  private void opaque(Opaque opaque) {
    closeReasoning(Body.newObject());
    closeMessage(null, COMPLETED);
    if (!opaque.origin().equals(ORIGIN)) {
      carrier(Body.newObject(), "block", opaque);
      return;
    }
    ObjectNode item = (ObjectNode) opaque.from(ORIGIN).orElseThrow();
    ItemEvents place = next("item");
    place.added(item);
    place.done(item);
    finished.put(place.index(), item);
  }

  private void carrier(ObjectNode carried, String field, Opaque opaque) {
    JsonNode payload = Json.MAPPER.valueToTree(opaque);
    carried.set(field, payload);
    ItemEvents events = next("rs");
    finished.put(events.index(), new ReasoningItem(events).finish(carried));
  }

  private void closeMessage(Opaque opaque, String status) {
    if (message != null) {
      finished.put(messagePlace, message.finish(opaque, status));
      message = null;
    }
  }

  private void closeReasoning(JsonNode carried) {
    if (reasoning != null) {
      finished.put(reasoningPlace, reasoning.finish(carried));
      reasoning = null;
    }
  }

  private ItemEvents next(String kind) {
    return new ItemEvents(events, kind + OURS + requestId + "_" + place, place++);
  }

  private static Opaque payload(Opaque opaque) {
    return opaque == null || opaque.isOnlyEnd() ? null : opaque;
  }
}
