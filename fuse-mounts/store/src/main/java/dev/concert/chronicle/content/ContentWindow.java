package dev.concert.chronicle.content;

import dev.concert.chronicle.content.chunk.Chunker;
import java.util.Arrays;

/** The next bytes of a content, each of which is read once. */
final class ContentWindow {
  private static final int FIRST = 8 * 1024;
  private static final int PIECE = 256 * 1024;

  private final Content content;
  private byte[] bytes;
  private int length;
  private long position;
  private boolean ended;

  /** Reads little at first, because most contents are small. */
  ContentWindow(Content content) {
    this.content = content;
    this.bytes = new byte[FIRST];
    this.length = content.read(bytes, 0);
    this.position = length;
    this.ended = length < FIRST;
  }

  /** Reads on until a whole chunk and one byte more is there, or the content's end. */
  void fill() {
    if (ended || length > Chunker.MAX) {
      return;
    }
    if (bytes.length < Chunker.MAX + PIECE) {
      bytes = Arrays.copyOf(bytes, Chunker.MAX + PIECE);
    }
    byte[] piece = new byte[PIECE];
    while (!ended && length <= Chunker.MAX) {
      int read = content.read(piece, position);
      System.arraycopy(piece, 0, bytes, length, read);
      length += read;
      position += read;
      ended = read < PIECE;
    }
  }

  /** Position in the content of what comes next. */
  long start() {
    return position - length;
  }

  /** Leaves out what is known already. */
  void skip(long bytes) {
    long start = start();
    if (bytes < length) {
      take((int) bytes);
    } else {
      ended &= bytes == length;
      length = 0;
      position = start + bytes;
    }
  }

  /** Leaves out the whole chunks of zeros that come next; answers with their number. */
  long skipZeroChunks() {
    long start = start();
    long count = (content.zerosUntil(start) - start) / Chunker.MAX;
    if (count > 0) {
      skip(count * Chunker.MAX);
    }
    return count;
  }

  /** Whether all of the content that was not taken yet is here, and is not larger than a chunk. */
  boolean isLast() {
    return ended && length <= Chunker.MAX;
  }

  boolean isEmpty() {
    return ended && length == 0;
  }

  byte[] takeAll() {
    return take(length);
  }

  /** To be filled before. */
  byte[] takeChunk() {
    return take(Chunker.cut(bytes, length));
  }

  private byte[] take(int size) {
    byte[] taken = Arrays.copyOf(bytes, size);
    System.arraycopy(bytes, size, bytes, 0, length - size);
    length -= size;
    return taken;
  }
}
