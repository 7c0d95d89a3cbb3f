package dev.concert.ensemble.compatible.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.CustomTool;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Writes the calls of the client's tools while they stream. The arguments of a function are
 * streamed; the input of a custom tool is sent whole, because it is converted. Not thread-safe.
 */
final class StreamedCalls {
  private final ChatTools tools;
  private final Consumer<Consumer<ObjectNode>> chunk;

  /** By the ids of the calls. */
  private final Map<String, Open> begun = new HashMap<>();

  /**
   * The ids of the calls whose opaque payload was sent: it is sent once, because SDKs join texts.
   */
  private final Set<String> carried = new HashSet<>();

  /**
   * @param chunk sends a piece of the answer, whose delta it lets the caller fill
   */
  StreamedCalls(ChatTools tools, Consumer<Consumer<ObjectNode>> chunk) {
    this.tools = tools;
    this.chunk = chunk;
  }

  /**
   * @param opaque nullable, as in the block
   */
  void start(String id, String name, Opaque opaque) {
    int place = begun.size();
    begun.put(id, new Open(place, tools.isCustom(name)));
    if (tools.former()) {
      former(place, VendorJson.newObject().put("name", name).put("arguments", ""));
      return;
    }
    if (opaque != null) {
      carried.add(id);
    }
    ObjectNode call =
        tools.isCustom(name) ? ChatTools.custom(id, name, "") : ChatTools.function(id, name, "");
    ExtraContent.write(call, opaque);
    send(place, call);
  }

  void arguments(String id, String piece) {
    if (!open(id).custom()) {
      arguments(id, piece, null);
    }
  }

  /** The pieces were already sent, unless the provider sends only whole calls. */
  void whole(ToolCallBlock block) {
    String id = block.call().id();
    boolean streamed = begun.containsKey(id);
    if (!streamed) {
      start(id, block.call().name(), block.opaque());
    }
    if (open(id).custom()) {
      ObjectNode call = VendorJson.newObject();
      call.putObject("custom").put("input", CustomTool.input(block.call().argumentsText()));
      send(open(id).place(), call);
    } else if (!streamed) {
      arguments(id, block.call().argumentsText());
    }
    if (block.opaque() != null && !tools.former() && carried.add(id)) {
      arguments(id, "", block.opaque());
    }
  }

  private Open open(String id) {
    return begun.getOrDefault(id, Open.FIRST);
  }

  /** Every chunk has a {@code function}: the schemas of several clients require it. */
  private void arguments(String id, String piece, Opaque opaque) {
    int place = open(id).place();
    if (tools.former()) {
      former(place, VendorJson.newObject().put("arguments", piece));
      return;
    }
    ObjectNode call = VendorJson.newObject();
    call.putObject("function").put("arguments", piece);
    ExtraContent.write(call, opaque);
    send(place, call);
  }

  private void send(int place, ObjectNode call) {
    chunk.accept(
        delta -> {
          ObjectNode placed = delta.putArray("tool_calls").addObject().put("index", place);
          placed.setAll(call);
        });
  }

  /** Before there were tools, an answer had one call. */
  private void former(int place, ObjectNode call) {
    if (place == 0) {
      chunk.accept(delta -> delta.set("function_call", call));
    }
  }

  /**
   * @param place among the calls of the answer, from 0
   */
  private record Open(int place, boolean custom) {
    /** Of a piece without a beginning. */
    static final Open FIRST = new Open(0, false);
  }
}
