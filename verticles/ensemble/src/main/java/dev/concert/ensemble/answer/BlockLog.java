package dev.concert.ensemble.answer;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import dev.concert.ensemble.block.ToolCallStart;
import java.util.ArrayList;
import java.util.List;

/**
 * The blocks of an answer as they came, for those who join it later. Where they are too many, all
 * of them are given up: a part is of use to nobody.
 *
 * <p>Not thread-safe.
 */
final class BlockLog {
  /** An object, its text's and its place in the list, about. */
  private static final int BLOCK_BYTES = 96;

  private final Room room;
  private final int most;
  private List<Block> blocks = new ArrayList<>();
  private boolean complete = true;
  private long bytes;
  private int count;

  /** What all answers under way may hold together. Not thread-safe. */
  static final class Room {
    private long free;

    Room(long bytes) {
      this.free = bytes;
    }
  }

  /**
   * @param most bytes that this answer may hold
   */
  BlockLog(Room room, int most) {
    this.room = room;
    this.most = most;
  }

  void add(Block block) {
    count++;
    if (!complete) {
      return;
    }
    long size = BLOCK_BYTES + characters(block);
    if (bytes + size > most || size > room.free) {
      complete = false;
      close();
      return;
    }
    room.free -= size;
    bytes += size;
    blocks.add(block);
  }

  /** How many came, kept or not. */
  int count() {
    return count;
  }

  boolean complete() {
    return complete;
  }

  /** All that came, or nothing where they were given up. */
  List<Block> all() {
    return List.copyOf(blocks);
  }

  Block get(int index) {
    return blocks.get(index);
  }

  /** Gives its room to others. Those who read on keep what they read. */
  void close() {
    room.free += bytes;
    bytes = 0;
    if (!complete) {
      blocks = new ArrayList<>();
    }
  }

  private static long characters(Block block) {
    return switch (block) {
      case TextBlock text -> text.text().length() + opaque(text.opaque());
      case ThinkingBlock thinking -> thinking.text().length() + opaque(thinking.opaque());
      case ToolCallStart start -> start.call().name().length();
      case ToolCallDelta delta -> delta.call().rawArguments().length();
      case ToolCallBlock call -> 2L * call.call().argumentsText().length() + opaque(call.opaque());
      case OpaqueBlock opaque -> opaque(opaque.opaque());
    };
  }

  private static long opaque(Opaque opaque) {
    return opaque == null ? 0 : opaque.json().length();
  }
}
