package dev.concert.ensemble.response;

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
import java.util.concurrent.atomic.AtomicLong;

/**
 * Buffers the blocks of a response for subscribers that join later. If they become too many, the
 * buffer drops all of them, because a part is of no use.
 *
 * <p>Not thread-safe.
 */
final class BlockBuffer {
  /** Estimated memory of a block besides its text. */
  private static final int BLOCK_BYTES = 96;

  private final Room room;
  private final int most;
  private List<Block> blocks = new ArrayList<>();
  private boolean complete = true;
  private long bytes;
  private int count;

  /** The memory that all buffers may use together. Thread-safe. */
  static final class Room {
    private final AtomicLong free;

    Room(long bytes) {
      this.free = new AtomicLong(bytes);
    }

    /** Whether there was so much. */
    private boolean take(long bytes) {
      boolean some = free.addAndGet(-bytes) >= 0;
      if (!some) {
        free.addAndGet(bytes);
      }
      return some;
    }

    private void giveBack(long bytes) {
      free.addAndGet(bytes);
    }
  }

  /**
   * @param most bytes that this buffer may hold
   */
  BlockBuffer(Room room, int most) {
    this.room = room;
    this.most = most;
  }

  void add(Block block) {
    count++;
    if (!complete) {
      return;
    }
    long size = BLOCK_BYTES + characters(block);
    if (bytes + size > most || !room.take(size)) {
      complete = false;
      close();
      return;
    }
    bytes += size;
    blocks.add(block);
  }

  /** The number of blocks that were added, buffered or not. */
  int count() {
    return count;
  }

  boolean complete() {
    return complete;
  }

  /** All blocks, or none if they were dropped. */
  List<Block> all() {
    return List.copyOf(blocks);
  }

  Block get(int index) {
    return blocks.get(index);
  }

  /** Releases its memory for others. Subscribers that are still reading can go on. */
  void close() {
    room.giveBack(bytes);
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
