package dev.concert.ensemble.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import dev.concert.ensemble.block.ToolCallStart;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Puts parallel tool calls together from their pieces.
 *
 * <p>A piece belongs to the call of its index. Servers that give every call the same index, or
 * none, give each a new id, and that begins another call. Not thread-safe.
 */
final class ToolCallAssembly {
  private final Consumer<Block> sink;
  private final List<Open> calls = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();

  ToolCallAssembly(Consumer<Block> sink) {
    this.sink = sink;
  }

  /**
   * @param delta an entry of {@code tool_calls}, of a chunk or of a whole message
   */
  void add(JsonNode delta) {
    Open call = callOf(delta);
    String name = delta.path("function").path("name").asText("");
    if (call.name == null && !name.isEmpty()) {
      call.name = name;
      sink.accept(new ToolCallStart(call.id, call.name));
    }
    String piece = delta.path("function").path("arguments").asText("");
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

  /** True when the server has begun a call and never named its tool. */
  boolean hasNameless() {
    return calls.stream().anyMatch(call -> call.name == null);
  }

  /** The answer has ended: every call is whole. */
  void finish() {
    calls.forEach(
        call ->
            sink.accept(
                new ToolCallBlock(ToolCall.ofText(call.id, call.name, call.arguments.toString()))));
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

  /** Two calls with one id could not be told apart when their results come. */
  private String unique(String given) {
    return given != null && ids.add(given) ? given : "call_" + UUID.randomUUID();
  }

  private static final class Open {
    private final int index;
    private final String givenId;
    private final String id;
    private final StringBuilder arguments = new StringBuilder();
    private String name;

    private Open(int index, String givenId, String id) {
      this.index = index;
      this.givenId = givenId;
      this.id = id;
    }
  }
}
