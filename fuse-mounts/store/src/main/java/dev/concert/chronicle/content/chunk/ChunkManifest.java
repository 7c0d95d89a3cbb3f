package dev.concert.chronicle.content.chunk;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Which chunks a content is made of, in their order and without gaps.
 *
 * <p>Takes about 0.6 MiB of memory for each GiB of content.
 */
public record ChunkManifest(long totalSize, List<Chunk> chunks) {
  private static final int HASH_BYTES = 32;
  private static final int ENTRY_BYTES = HASH_BYTES + Integer.BYTES;
  private static final int REPEATED = 1 << 31;
  private static final int HEAD_BYTES = Long.BYTES + Integer.BYTES;

  public ChunkManifest {
    chunks = List.copyOf(chunks);
  }

  /** Of chunks in their order; equal ones that follow each other become one entry. */
  public static ChunkManifest joined(List<Chunk> pieces) {
    List<Chunk> chunks = new ArrayList<>();
    for (Chunk piece : pieces) {
      Chunk last = chunks.isEmpty() ? null : chunks.getLast();
      if (last != null && last.hash().equals(piece.hash()) && last.size() == piece.size()) {
        chunks.set(
            chunks.size() - 1,
            new Chunk(last.hash(), last.offset(), last.size(), last.count() + piece.count()));
      } else {
        chunks.add(piece);
      }
    }
    return new ChunkManifest(chunks.isEmpty() ? 0 : chunks.getLast().end(), chunks);
  }

  /** Position in {@link #chunks} of the chunk with the byte at this offset. */
  public int chunkAt(long offset) {
    int low = 0;
    int high = chunks.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (chunks.get(middle).offset() <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /**
   * Total size (8 bytes), number of entries (4), then of each entry hash (32) and size (4). An
   * entry of several equal chunks has the highest bit of its size set, and their number (8)
   * follows. All is big endian. Offsets follow from the sizes.
   */
  public byte[] encode() {
    long repeated = chunks.stream().filter(chunk -> chunk.count() > 1).count();
    ByteBuffer buffer =
        ByteBuffer.allocate(
            (int) (HEAD_BYTES + chunks.size() * ENTRY_BYTES + repeated * Long.BYTES));
    buffer.putLong(totalSize).putInt(chunks.size());
    for (Chunk chunk : chunks) {
      buffer.put(HexFormat.of().parseHex(chunk.hash()));
      if (chunk.count() > 1) {
        buffer.putInt(chunk.size() | REPEATED).putLong(chunk.count());
      } else {
        buffer.putInt(chunk.size());
      }
    }
    return buffer.array();
  }

  /** Empty where the bytes are not what {@link #encode} makes. */
  public static Optional<ChunkManifest> decode(byte[] bytes) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      long totalSize = buffer.getLong();
      int count = buffer.getInt();
      List<Chunk> chunks = new ArrayList<>();
      long offset = 0;
      for (int i = 0; i < count; i++) {
        Chunk chunk = chunk(buffer, offset);
        chunks.add(chunk);
        offset = chunk.end();
      }
      return offset == totalSize && !buffer.hasRemaining()
          ? Optional.of(new ChunkManifest(totalSize, chunks))
          : Optional.empty();
    } catch (BufferUnderflowException tooShort) {
      return Optional.empty();
    }
  }

  private static Chunk chunk(ByteBuffer buffer, long offset) {
    byte[] hash = new byte[HASH_BYTES];
    buffer.get(hash);
    int size = buffer.getInt();
    long repeated = (size & REPEATED) == 0 ? 1 : buffer.getLong();
    return new Chunk(HexFormat.of().formatHex(hash), offset, size & ~REPEATED, repeated);
  }
}
