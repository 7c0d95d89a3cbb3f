package dev.concert.ensemble.provider.upstream;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import dev.concert.ensemble.block.ToolCallStart;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Replaces the id of a tool call if the vendor uses it twice in one answer: the results of two
 * calls with one id could not be told apart. Not thread-safe.
 */
final class UniqueToolCallIds implements Consumer<Block> {
  private final Consumer<Block> sink;
  private final Set<String> taken = new HashSet<>();

  /** The id given to the open call of a vendor's id. */
  private final Map<String, String> open = new HashMap<>();

  UniqueToolCallIds(Consumer<Block> sink) {
    this.sink = sink;
  }

  @Override
  public void accept(Block block) {
    sink.accept(
        switch (block) {
          case ToolCallStart start ->
              new ToolCallStart(begin(start.call().id()), start.call().name(), start.opaque());
          case ToolCallDelta piece ->
              new ToolCallDelta(
                  open.getOrDefault(piece.call().id(), piece.call().id()),
                  piece.call().rawArguments());
          case ToolCallBlock whole -> whole(whole);
          case Block other -> other;
        });
  }

  private String begin(String id) {
    String ours = taken.add(id) ? id : "call_" + UUID.randomUUID();
    open.put(id, ours);
    return ours;
  }

  private ToolCallBlock whole(ToolCallBlock block) {
    ToolCall call = block.call();
    String begun = open.remove(call.id());
    String id = begun == null ? begin(call.id()) : begun;
    return id.equals(call.id())
        ? block
        : new ToolCallBlock(
            new ToolCall(id, call.name(), call.arguments(), call.rawArguments()), block.opaque());
  }
}
