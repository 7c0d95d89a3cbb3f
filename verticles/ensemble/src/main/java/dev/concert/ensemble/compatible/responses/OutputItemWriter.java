package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.OpaqueToken;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import dev.concert.ensemble.block.ToolCallStart;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Converts blocks to output items. One text or reasoning item is open at a time, and any number of
 * calls.
 *
 * <p>Data that a vendor wants back is put where clients keep what they do not read:
 *
 * <ul>
 *   <li>of reasoning and of a vendor's whole blocks: in {@code encrypted_content}
 *   <li>of a call: in a separate reasoning item after the call, because clients with typed items
 *       drop every other field ({@code ensemble_opaque} if the loss does not matter)
 *   <li>of text: in {@code ensemble_opaque} of its part
 * </ul>
 *
 * <p>Not thread-safe.
 */
final class OutputItemWriter {
  private static final String ORIGIN = "openai";
  private static final String OURS = "_ens_";
  private static final String COMPLETED = "completed";
  private static final String INCOMPLETE = "incomplete";

  private final String requestId;
  private final DeclaredTools tools;
  private final Consumer<ObjectNode> events;
  private final Map<Integer, ObjectNode> finished = new TreeMap<>();
  private final Map<String, ToolCallItem> calls = new LinkedHashMap<>();
  private MessageItem message;
  private ReasoningItem reasoning;
  private int place;
  private int messagePlace;
  private int reasoningPlace;

  /**
   * @param tools the tools that the client knows
   * @param events receives the events of the items, in the vendor's order
   */
  OutputItemWriter(String requestId, DeclaredTools tools, Consumer<ObjectNode> events) {
    this.requestId = requestId;
    this.tools = tools;
    this.events = events;
  }

  /** Whether Ensemble made the item with this id. */
  static boolean isOurs(String id) {
    return id.contains(OURS);
  }

  void add(Block block) {
    switch (block) {
      case TextBlock text -> text(text);
      case ThinkingBlock thinking -> thinking(thinking);
      case ToolCallStart start -> begin(start.call().id(), start.call().name());
      case ToolCallDelta piece -> {
        ToolCallItem call = calls.get(piece.call().id());
        if (call != null && !piece.call().rawArguments().isEmpty()) {
          call.append(piece.call().rawArguments());
        }
      }
      case ToolCallBlock call -> call(call);
      case OpaqueBlock opaque -> opaque(opaque.opaque());
    }
  }

  /** Ends the response; items that are still open were cut. */
  void end(boolean completed) {
    closeReasoning(VendorJson.newObject());
    closeMessage(null, completed ? COMPLETED : INCOMPLETE);
    calls.values().forEach(call -> finished.put(call.index(), call.finish(INCOMPLETE, "")));
    calls.clear();
  }

  /** The finished items in order. */
  ArrayNode written() {
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    finished.values().forEach(items::add);
    return items;
  }

  private void text(TextBlock text) {
    Opaque opaque = payload(text.opaque());
    if (message == null && (!text.text().isEmpty() || opaque != null)) {
      closeReasoning(VendorJson.newObject());
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
      ObjectNode carried = VendorJson.newObject();
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
    closeReasoning(VendorJson.newObject());
    closeMessage(null, COMPLETED);
    DeclaredTools.Declared tool = tools.of(name);
    calls.put(id, new ToolCallItem(next(ToolCallItem.prefix(tool)), id, tool));
  }

  private void call(ToolCallBlock block) {
    String id = block.call().id();
    if (!calls.containsKey(id)) {
      begin(id, block.call().name());
    }
    ToolCallItem call = calls.remove(id);
    if (call.isEmpty()) {
      call.append(block.call().argumentsText());
    }
    Opaque opaque = block.opaque();
    boolean optional = opaque != null && opaque.origin().equals(ORIGIN);
    finished.put(call.index(), call.finish(COMPLETED, optional ? OpaqueToken.text(opaque) : ""));
    if (opaque != null && !optional) {
      carrier(VendorJson.newObject().put("call", id), "opaque", opaque);
    }
  }

  /**
   * OpenAI's own items are written as they are; those of others are carried in a reasoning item.
   */
  private void opaque(Opaque opaque) {
    closeReasoning(VendorJson.newObject());
    closeMessage(null, COMPLETED);
    if (!opaque.origin().equals(ORIGIN)) {
      carrier(VendorJson.newObject(), "block", opaque);
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
