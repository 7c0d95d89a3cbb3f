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
  private static final int HEAD_BYTES = Long.BYTES + Integer.BYTES;

  public ChunkManifest {
    chunks = List.copyOf(chunks);
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
   * Total size (8 bytes), number of chunks (4), then of each chunk hash (32) and size (4); all big
   * endian. Offsets follow from the sizes.
   */
  public byte[] encode() {
    ByteBuffer buffer = ByteBuffer.allocate(HEAD_BYTES + chunks.size() * ENTRY_BYTES);
    buffer.putLong(totalSize).putInt(chunks.size());
    for (Chunk chunk : chunks) {
      buffer.put(HexFormat.of().parseHex(chunk.hash())).putInt(chunk.size());
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
      byte[] hash = new byte[HASH_BYTES];
      for (int i = 0; i < count; i++) {
        buffer.get(hash);
        Chunk chunk = new Chunk(HexFormat.of().formatHex(hash), offset, buffer.getInt());
        chunks.add(chunk);
        offset += chunk.size();
      }
      return offset == totalSize && !buffer.hasRemaining()
          ? Optional.of(new ChunkManifest(totalSize, chunks))
          : Optional.empty();
    } catch (BufferUnderflowException tooShort) {
      return Optional.empty();
    }
  }
}
