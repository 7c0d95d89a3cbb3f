package dev.concert.chronicle.content.chunk;

/**
 * Finds where to cut, by FastCDC with normalised chunking: Xia et al., "FastCDC: a Fast and
 * Efficient Content-Defined Chunking Approach for Data Deduplication", USENIX ATC 2016.
 *
 * <p>A gear hash rolls over the bytes; a cut is where certain bits of it are zero. No cut falls
 * within the first {@link #MIN} bytes; up to {@link #AVERAGE} two bits more than log2(AVERAGE) have
 * to be zero, after that two bits fewer, which draws the sizes together around the average; at
 * {@link #MAX} a cut is forced. The parameters and the gear table are part of the store's format in
 * the sense that other ones would cut all contents anew; what is stored stays readable.
 */
public final class Chunker {
  public static final int MIN = 64 * 1024;
  public static final int AVERAGE = 256 * 1024;
  public static final int MAX = 1024 * 1024;

  private static final int BITS = Integer.numberOfTrailingZeros(AVERAGE);
  // The top bits of a gear hash have seen the most bytes.
  private static final long STRICT = -1L << (Long.SIZE - BITS - 2);
  private static final long LOOSE = -1L << (Long.SIZE - BITS + 2);
  private static final long[] GEAR = gear();

  private Chunker() {}

  /** Random numbers by SplitMix64 from a fixed seed. */
  private static long[] gear() {
    long[] table = new long[256];
    long state = 0x43_68_72_6f_6e_69_63_6cL; // "Chronicl"
    for (int i = 0; i < table.length; i++) {
      state += 0x9e3779b97f4a7c15L;
      long mixed = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
      mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
      table[i] = mixed ^ mixed >>> 31;
    }
    return table;
  }

  /**
   * Length of the first chunk of what begins the array.
   *
   * @param length bytes that there are; fewer than {@link #MAX} only at the end of a content
   */
  public static int cut(byte[] bytes, int length) {
    int end = Math.min(length, MAX);
    int middle = Math.min(end, AVERAGE);
    long hash = 0;
    int at = Math.min(end, MIN);
    for (; at < middle; at++) {
      hash = (hash << 1) + GEAR[bytes[at] & 0xff];
      if ((hash & STRICT) == 0) {
        return at + 1;
      }
    }
    for (; at < end; at++) {
      hash = (hash << 1) + GEAR[bytes[at] & 0xff];
      if ((hash & LOOSE) == 0) {
        return at + 1;
      }
    }
    return end;
  }
}
