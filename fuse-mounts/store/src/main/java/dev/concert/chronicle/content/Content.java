package dev.concert.chronicle.content;

/** Bytes that can be read from any position, for example those of an open file. */
@FunctionalInterface
public interface Content {
  /**
   * Fills the array from a position; answers with the bytes read, fewer than fit only at the end.
   * May block.
   */
  int read(byte[] into, long position);

  /**
   * End of the zeros that begin at this position, as far as it is known without reading them; the
   * position itself where that is not known or there are none.
   */
  default long zerosUntil(long position) {
    return position;
  }

  /** Content that is in memory already. */
  static Content of(byte[] bytes) {
    return (into, position) -> {
      int length = Math.clamp(bytes.length - position, 0, into.length);
      System.arraycopy(bytes, (int) Math.min(position, bytes.length), into, 0, length);
      return length;
    };
  }
}
