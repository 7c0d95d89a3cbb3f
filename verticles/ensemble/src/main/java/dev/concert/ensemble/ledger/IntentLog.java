package dev.concert.ensemble.ledger;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.bus.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls that are made and are not in the ledger's table yet. To write one down is to copy it into a
 * file that is mapped into memory, of which the kernel keeps what a killed process wrote; the table
 * gets it a moment later, and nobody waits for that.
 *
 * <p>The file has two halves. One is written from its beginning on; when it is full and all of the
 * other one is in the table, the other one is. A record is its length and its JSON; the length is
 * written last, so that half a record is none.
 *
 * <p>{@link #add} is called by one thread; {@link #inTable} by any.
 */
final class IntentLog implements AutoCloseable {
  /** Some thousand calls. */
  static final int HALF = 1024 * 1024;

  private static final int LENGTH = Integer.BYTES;
  private static final Logger LOG = LoggerFactory.getLogger(IntentLog.class);

  private final Arena arena;
  private final Half[] halves;
  private final AtomicLong inTable = new AtomicLong(Long.MIN_VALUE);
  private int active;

  /** One of the two. */
  private static final class Half {
    private final MemorySegment memory;
    private long end;
    private long lastId = Long.MIN_VALUE;

    Half(MemorySegment memory) {
      this.memory = memory;
    }

    boolean hasRoom(int bytes) {
      // Behind each record there is the length of the next one, which is 0 while there is none.
      return end + LENGTH + bytes + LENGTH <= memory.byteSize();
    }

    void add(long id, byte[] record) {
      MemorySegment.copy(record, 0, memory, JAVA_BYTE, end + LENGTH, record.length);
      memory.set(JAVA_INT_UNALIGNED, end + LENGTH + record.length, 0);
      memory.set(JAVA_INT_UNALIGNED, end, record.length);
      end += LENGTH + record.length;
      lastId = id;
    }

    boolean isUsed() {
      return end > 0;
    }

    void clear() {
      memory.set(JAVA_INT_UNALIGNED, 0, 0);
      end = 0;
    }

    List<byte[]> records() {
      List<byte[]> records = new ArrayList<>();
      long at = 0;
      while (at + LENGTH <= memory.byteSize()) {
        int length = memory.get(JAVA_INT_UNALIGNED, at);
        if (length <= 0 || at + LENGTH + length > memory.byteSize()) {
          break;
        }
        records.add(memory.asSlice(at + LENGTH, length).toArray(JAVA_BYTE));
        at += LENGTH + length;
      }
      return records;
    }
  }

  private IntentLog(Arena arena, MemorySegment file) {
    this.arena = arena;
    this.halves = new Half[] {new Half(file.asSlice(0, HALF)), new Half(file.asSlice(HALF, HALF))};
  }

  /**
   * Opens the file, or makes it; blocks.
   *
   * @throws UncheckedIOException where there is no room for it on the disk
   */
  static IntentLog open(Path path) {
    Arena arena = Arena.ofShared();
    try (FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      // Room that is only promised would be missing in the middle of a copy.
      if (channel.size() < 2 * HALF) {
        ByteBuffer nothing = ByteBuffer.allocate(2 * HALF);
        while (nothing.hasRemaining()) {
          channel.write(nothing, nothing.position());
        }
      }
      return new IntentLog(arena, channel.map(MapMode.READ_WRITE, 0, 2 * HALF, arena));
    } catch (IOException e) {
      arena.close();
      throw new UncheckedIOException("Cannot open " + path, e);
    }
  }

  /**
   * What an earlier process has left, in the order of its ids. Where the machine died, too, records
   * may have reached the disk in part: what is behind one of these is lost.
   */
  List<OpenedRow> left() {
    return Stream.of(halves)
        .flatMap(
            half ->
                half.records().stream()
                    .map(IntentLog::read)
                    .takeWhile(Optional::isPresent)
                    .flatMap(Optional::stream))
        .sorted(Comparator.comparingLong(OpenedRow::id))
        .toList();
  }

  /** All that an earlier process has left is in the table. */
  void forgetLeft() {
    for (Half half : halves) {
      half.clear();
    }
  }

  /**
   * Writes down a call; what was written survives the death of this process. Never waits.
   *
   * @return false, and nothing was written, where the table is too far behind
   */
  boolean add(OpenedRow row) {
    byte[] record = bytes(row);
    clearWhatIsInTable();
    if (!halves[active].hasRoom(record.length) && !halves[1 - active].isUsed()) {
      active = 1 - active;
    }
    boolean room = halves[active].hasRoom(record.length);
    if (room) {
      halves[active].add(row.id(), record);
    }
    return room;
  }

  /** Mostly the table is not behind, and the same few pages are written again and again. */
  private void clearWhatIsInTable() {
    for (Half half : halves) {
      if (half.isUsed() && half.lastId <= inTable.get()) {
        half.clear();
      }
    }
  }

  /** All calls up to this one are in the table. */
  void inTable(long id) {
    inTable.accumulateAndGet(id, Math::max);
  }

  /** What is not in the table is left to the next process. Not at the same time as {@link #add}. */
  @Override
  public void close() {
    clearWhatIsInTable();
    arena.close();
  }

  private static byte[] bytes(OpenedRow row) {
    try {
      return Json.MAPPER.writeValueAsBytes(row);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A record of ours cannot be written", e);
    }
  }

  private static Optional<OpenedRow> read(byte[] record) {
    try {
      return Optional.of(Json.MAPPER.readValue(record, OpenedRow.class));
    } catch (IOException e) {
      LOG.warn("Calls that were written down before a crash cannot be read: {}", e.toString());
      return Optional.empty();
    }
  }
}
