package dev.concert.ensemble.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import dev.concert.ensemble.block.ToolCallStart;
import dev.concert.ensemble.message.CustomTool;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Assembles parallel tool calls from their pieces.
 *
 * <p>A piece belongs to the call with its index. Servers that give every call the same index or
 * none give each call a new id, which begins another call. Not thread-safe.
 */
final class ToolCallAssembler {
  /** What Google's server sends with a call and wants back, a signature. */
  static final String EXTRA = "extra_content";

  private final String provider;
  private final Consumer<Block> sink;
  private final List<Open> calls = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();

  /**
   * @param provider the origin of what the server wants back with a call
   */
  ToolCallAssembler(String provider, Consumer<Block> sink) {
    this.provider = provider;
    this.sink = sink;
  }

  /**
   * @param delta an entry of {@code tool_calls} of a chunk or a whole message
   */
  void add(JsonNode delta) {
    Open call = callOf(delta);
    if (delta.path(EXTRA).isObject()) {
      ObjectNode kept = JsonNodeFactory.instance.objectNode();
      kept.set(EXTRA, delta.path(EXTRA).deepCopy());
      call.opaque = Opaque.of(provider, kept);
    }
    JsonNode custom = delta.path("custom");
    call.custom |= custom.isObject();
    String name = (call.custom ? custom : delta.path("function")).path("name").asText("");
    if (call.name == null && !name.isEmpty()) {
      call.name = name;
      sink.accept(new ToolCallStart(call.id, call.name));
    }
    if (call.custom) {
      call.arguments.append(custom.path("input").asText(""));
      return;
    }
    JsonNode arguments = delta.path("function").path("arguments");
    // Some servers send the object itself instead of its text.
    String piece = arguments.isObject() ? ExactJson.text(arguments) : arguments.asText("");
    if (!piece.isEmpty()) {
      call.arguments.append(piece);
      if (call.name != null) {
        sink.accept(new ToolCallDelta(call.id, piece));
      }
    }
  }

  boolean isEmpty() {
    return calls.isEmpty();
  }

  /** Whether the server began a call without naming its tool. */
  boolean hasNameless() {
    return calls.stream().anyMatch(call -> call.name == null);
  }

  /** Ends the answer and sends every call whole. */
  void finish() {
    for (Open call : calls) {
      String arguments = call.arguments.toString();
      if (call.custom) {
        // The text of a custom tool becomes the argument of a function, and so is not streamed.
        arguments = CustomTool.arguments(arguments);
        sink.accept(new ToolCallDelta(call.id, arguments));
      }
      sink.accept(new ToolCallBlock(ToolCall.ofText(call.id, call.name, arguments), call.opaque));
    }
  }

  private Open callOf(JsonNode delta) {
    String id = delta.path("id").asText("");
    String given = id.isEmpty() ? null : id;
    JsonNode index = delta.path("index");
    for (Open call : calls.reversed()) {
      boolean sameIndex = !index.isNumber() || index.asInt() == call.index;
      boolean sameId = given == null || given.equals(call.givenId);
      if (sameIndex && sameId) {
        return call;
      }
    }
    Open call = new Open(index.isNumber() ? index.asInt() : calls.size(), given, unique(given));
    calls.add(call);
    return call;
  }

  /** Makes ids unique: results of two calls with one id could not be told apart. */
  private String unique(String given) {
    return given != null && ids.add(given) ? given : "call_" + UUID.randomUUID();
  }

  private static final class Open {
    private final int index;
    private final String givenId;
    private final String id;
    private final StringBuilder arguments = new StringBuilder();
    private String name;
    private boolean custom;

    /** Nullable, as in the block. */
    private Opaque opaque;

    private Open(int index, String givenId, String id) {
      this.index = index;
      this.givenId = givenId;
      this.id = id;
    }
  }
}
