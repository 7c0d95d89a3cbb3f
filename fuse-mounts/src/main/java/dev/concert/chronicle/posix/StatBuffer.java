package dev.concert.chronicle.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** Fills a {@code struct stat} of Linux for something that is on no disk. */
public final class StatBuffer {
  private static final boolean ARM = "aarch64".equals(System.getProperty("os.arch"));
  private static final long SIZE_OF = ARM ? 128 : 144;
  private static final long INODE = 8;
  private static final long MODE = ARM ? 16 : 24;
  private static final long OWNER = ARM ? 24 : 28;
  private static final long GROUP = ARM ? 28 : 32;
  private static final long SIZE = 48;
  private static final long BLOCK_SIZE = 56;
  private static final long BLOCKS = 64;
  private static final long[] TIMES = {72, 88, 104};

  private StatBuffer() {}

  /** One name of the file does not count: it is not among those that anybody sees. */
  public static void dropLink(MemorySegment status) {
    MemorySegment stat = status.reinterpret(SIZE_OF);
    if (ARM) {
      stat.set(JAVA_INT, 20, stat.get(JAVA_INT, 20) - 1);
    } else {
      stat.set(JAVA_LONG, 16, stat.get(JAVA_LONG, 16) - 1);
    }
  }

  /**
   * @param mode type and permissions
   * @param modifiedMillis since 1970; stands for all three times
   */
  public static void fill(
      MemorySegment into, long inode, int mode, int links, long size, long modifiedMillis) {
    MemorySegment stat = into.reinterpret(SIZE_OF);
    stat.fill((byte) 0);
    stat.set(JAVA_LONG, INODE, inode);
    stat.set(JAVA_INT, MODE, mode);
    if (ARM) {
      stat.set(JAVA_INT, 20, links);
    } else {
      stat.set(JAVA_LONG, 16, links);
    }
    stat.set(JAVA_INT, OWNER, 0);
    stat.set(JAVA_INT, GROUP, 0);
    stat.set(JAVA_LONG, SIZE, size);
    stat.set(JAVA_INT, BLOCK_SIZE, 4096);
    stat.set(JAVA_LONG, BLOCKS, Math.ceilDiv(size, 512));
    for (long time : TIMES) {
      stat.set(JAVA_LONG, time, Math.floorDiv(modifiedMillis, 1000L));
      stat.set(JAVA_LONG, time + 8, Math.floorMod(modifiedMillis, 1000L) * 1_000_000L);
    }
  }
}
