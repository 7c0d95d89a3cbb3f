package dev.concert.ensemble.provider.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import dev.concert.ensemble.block.ToolCallStart;
import dev.concert.ensemble.provider.upstream.MalformedResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Assembles the items of a response: passes on deltas as they come, and the rest with the finished
 * item. Not thread-safe.
 */
final class ItemAssembler {
  private final String provider;
  private final Consumer<Block> sink;
  private final OutputItemMapper items = new OutputItemMapper();
  private final Map<Integer, ObjectNode> open = new HashMap<>();

  /** The last finished part of an unfinished message. */
  private Optional<JsonNode> part = Optional.empty();

  private boolean shown;
  private boolean any;
  private boolean calls;
  private boolean refused;

  ItemAssembler(String provider, Consumer<Block> sink) {
    this.provider = provider;
    this.sink = sink;
  }

  void begin(ObjectNode item, int index) {
    any = true;
    shown = false;
    part = Optional.empty();
    open.put(index, item);
    if (isCall(item)) {
      sink.accept(new ToolCallStart(callId(item), name(item), rest(item)));
    }
  }

  void beginPart() {
    shown = false;
  }

  /** A part ends its block if another one follows; the last one ends with its item. */
  void finishPart(JsonNode finished, int index) {
    if (finished.path("type").asText().equals("reasoning_text")) {
      return;
    }
    closePart(index);
    showText(finished);
    part = Optional.of(finished);
  }

  void text(String piece) {
    if (part.isPresent()) {
      open.keySet().stream().findFirst().ifPresent(this::closePart);
    }
    if (!piece.isEmpty()) {
      shown = true;
      sink.accept(new TextBlock(piece));
    }
  }

  void beginSummary(int index) {
    if (index > 0) {
      sink.accept(new ThinkingBlock("\n\n"));
    }
  }

  void thinking(String piece) {
    if (!piece.isEmpty()) {
      shown = true;
      sink.accept(new ThinkingBlock(piece));
    }
  }

  void arguments(int index, String piece) {
    ObjectNode call = open.get(index);
    if (call == null || !isCall(call)) {
      throw MalformedResponse.of(provider, "went on with a call it had not begun");
    }
    if (!piece.isEmpty()) {
      shown = true;
      sink.accept(new ToolCallDelta(callId(call), piece));
    }
  }

  void finish(ObjectNode item, int index) {
    any = true;
    open.remove(index);
    switch (item.path("type").asText()) {
      case "message" -> finishMessage(item);
      case "reasoning" -> finishReasoning(item);
      case "function_call", "custom_tool_call" -> finishCall(item);
      default -> items.read(item).forEach(sink);
    }
    part = Optional.empty();
    shown = false;
  }

  /** Passes on an item that was not streamed. */
  void whole(ObjectNode item, int index) {
    begin(item, index);
    finish(item, index);
  }

  boolean isEmpty() {
    return !any;
  }

  boolean hasOpen() {
    return !open.isEmpty();
  }

  boolean hasCalls() {
    return calls;
  }

  boolean isRefused() {
    return refused;
  }

  private void finishMessage(ObjectNode item) {
    JsonNode content = item.path("content");
    content.forEach(each -> refused |= OutputItemMapper.isRefusal(each));
    if (part.isEmpty() && !shown) {
      // Not streamed.
      for (JsonNode each : content) {
        sink.accept(
            new TextBlock(OutputItemMapper.text(each), OutputItemMapper.opaque(item, each)));
      }
      return;
    }
    JsonNode last = content.path(content.size() - 1);
    if (last.isObject()) {
      sink.accept(new TextBlock("", OutputItemMapper.opaque(item, last)));
    }
  }

  private void finishReasoning(ObjectNode item) {
    ThinkingBlock whole = (ThinkingBlock) items.read(item).getFirst();
    sink.accept(new ThinkingBlock(shown ? "" : whole.text(), whole.signature(), whole.opaque()));
  }

  private void finishCall(ObjectNode item) {
    if (item.path("status").asText().equals("incomplete")) {
      // Cut off by the token limit: an incomplete call is dropped.
      return;
    }
    if (callId(item).isEmpty() || name(item).isEmpty()) {
      throw MalformedResponse.of(provider, "sent a tool call without an id or a name");
    }
    calls = true;
    ToolCallBlock call = (ToolCallBlock) items.read(item).getFirst();
    if (!shown) {
      sink.accept(new ToolCallDelta(call.call().id(), call.call().argumentsText()));
    }
    sink.accept(call);
  }

  private void closePart(int index) {
    ObjectNode item = open.get(index);
    if (item != null) {
      ObjectNode finished = item.deepCopy().put("status", "completed");
      part.ifPresent(
          ended -> sink.accept(new TextBlock("", OutputItemMapper.opaque(finished, ended))));
    }
    part = Optional.empty();
  }

  private void showText(JsonNode finished) {
    String text = OutputItemMapper.text(finished);
    if (!shown && !text.isEmpty()) {
      sink.accept(new TextBlock(text));
    }
    shown = true;
  }

  /** The payload that the complete call will have. */
  private Opaque rest(ObjectNode begun) {
    ObjectNode whole = begun.deepCopy().put("status", "completed");
    return ((ToolCallBlock) items.read(whole).getFirst()).opaque();
  }

  private static boolean isCall(JsonNode item) {
    return item.path("type").asText().equals("function_call")
        || OutputItemMapper.isCustomCall(item);
  }

  private static String callId(JsonNode item) {
    return item.path("call_id").asText();
  }

  private static String name(JsonNode item) {
    return item.path("name").asText();
  }
}
