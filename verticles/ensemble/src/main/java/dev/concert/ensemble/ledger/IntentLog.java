package dev.concert.ensemble.ledger;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.foundation.files.PrivateFiles;
import dev.concert.json.Json;
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
 * The log of calls that are made but not yet in the ledger's table. Recording a call copies it into
 * a memory-mapped file, which the kernel keeps when the process is killed. The table gets the row a
 * moment later, and no caller waits for that.
 *
 * <p>The file has two halves. One is filled from its start; when it is full and everything in the
 * other half is in the table, writing continues in the other half. A record is its length and its
 * JSON; the length is written last, so that a partial record is ignored.
 *
 * <p>Call {@link #add} on one thread at a time; {@link #inTable} on any.
 */
final class IntentLog implements AutoCloseable {
  /** Holds some thousand calls. */
  static final int HALF = 1024 * 1024;

  private static final int LENGTH = Integer.BYTES;
  private static final Logger LOG = LoggerFactory.getLogger(IntentLog.class);

  private final Arena arena;
  private final Half[] halves;
  private final AtomicLong inTable = new AtomicLong(Long.MIN_VALUE);
  private int active;

  /** One half of the file. */
  private static final class Half {
    private final MemorySegment memory;
    private long end;
    private long lastId = Long.MIN_VALUE;

    Half(MemorySegment memory) {
      this.memory = memory;
    }

    boolean hasRoom(int bytes) {
      // Each record is followed by the length of the next one, which is 0 if there is none.
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
   * Opens the file, or creates it; blocks.
   *
   * @throws UncheckedIOException if the disk has no room for it
   */
  static IntentLog open(Path path) {
    Arena arena = Arena.ofShared();
    try (FileChannel channel =
        PrivateFiles.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      // The blocks are allocated now: a full disk must not fail in the middle of a copy.
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
   * What an earlier process left, in the order of ids. After a crash of the machine a record may be
   * partial; the records after it are lost.
   */
  List<OpenedCallRow> left() {
    return Stream.of(halves)
        .flatMap(
            half ->
                half.records().stream()
                    .map(IntentLog::read)
                    .takeWhile(Optional::isPresent)
                    .flatMap(Optional::stream))
        .sorted(Comparator.comparingLong(OpenedCallRow::id))
        .toList();
  }

  /** Clears the log, after everything that an earlier process left is in the table. */
  void forgetLeft() {
    for (Half half : halves) {
      half.clear();
    }
  }

  /**
   * Records a call so that it survives the death of this process. Never waits.
   *
   * @return false, and nothing is recorded, if the table is too far behind
   */
  boolean add(OpenedCallRow row) {
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

  /** Usually the table keeps up, so that the same few pages are reused. */
  private void clearWhatIsInTable() {
    for (Half half : halves) {
      if (half.isUsed() && half.lastId <= inTable.get()) {
        half.clear();
      }
    }
  }

  /** Notes that all calls up to this one are in the table. */
  void inTable(long id) {
    inTable.accumulateAndGet(id, Math::max);
  }

  /** Leaves what is not in the table to the next process. Do not call it during {@link #add}. */
  @Override
  public void close() {
    clearWhatIsInTable();
    arena.close();
  }

  private static byte[] bytes(OpenedCallRow row) {
    try {
      return Json.MAPPER.writeValueAsBytes(row);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot encode a call", e);
    }
  }

  private static Optional<OpenedCallRow> read(byte[] record) {
    try {
      return Optional.of(Json.MAPPER.readValue(record, OpenedCallRow.class));
    } catch (IOException e) {
      LOG.warn("Cannot read a call that was recorded before a crash: {}", e.toString());
      return Optional.empty();
    }
  }
}
