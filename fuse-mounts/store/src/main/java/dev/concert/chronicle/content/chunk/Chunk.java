package dev.concert.chronicle.content.chunk;

/**
 * A piece of a content, or several equal ones that follow each other: a hole of any size is one.
 *
 * @param hash BLAKE3 of the bytes of one piece
 * @param offset of its first byte in the content
 * @param size bytes of one piece, at most {@link Chunker#MAX}
 * @param count pieces, at least 1
 */
public record Chunk(String hash, long offset, int size, long count) {
  /** One piece. */
  public Chunk(String hash, long offset, int size) {
    this(hash, offset, size, 1);
  }

  /** Offset of the byte after the last piece. */
  public long end() {
    return offset + size * count;
  }
}
