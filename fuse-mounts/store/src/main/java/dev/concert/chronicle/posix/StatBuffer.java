package dev.concert.chronicle.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * A {@code struct stat} of Linux on this processor.
 *
 * @param memory at least {@link #SIZE_OF} bytes
 */
public record StatBuffer(MemorySegment memory) {
  private static final boolean ARM = "aarch64".equals(System.getProperty("os.arch"));

  /** Bytes of the struct. */
  public static final long SIZE_OF = ARM ? 128 : 144;

  private static final long INODE = 8;
  private static final long LINKS = ARM ? 20 : 16;
  private static final long MODE = ARM ? 16 : 24;
  private static final long OWNER = ARM ? 24 : 28;
  private static final long GROUP = ARM ? 28 : 32;
  private static final long DEVICE_OF_NODE = ARM ? 32 : 40;
  private static final long SIZE = 48;
  private static final long BLOCK_SIZE = 56;
  private static final long BLOCKS = 64;
  private static final long ACCESSED = 72;
  private static final long MODIFIED = 88;
  private static final long CHANGED = 104;
  private static final long NANOS = 8;

  /** Number of the disk; 0 for something that is on none. */
  public long device() {
    return memory.get(JAVA_LONG, 0);
  }

  public long inode() {
    return memory.get(JAVA_LONG, INODE);
  }

  /** Type and permissions. */
  public int mode() {
    return memory.get(JAVA_INT, MODE);
  }

  public int links() {
    // Little-endian: the lower half of the 64 bits that x86_64 has.
    return memory.get(JAVA_INT, LINKS);
  }

  /** One name of the file does not count: it is not among those that anybody sees. */
  public void dropLink() {
    memory.set(JAVA_INT, LINKS, links() - 1);
  }

  public int owner() {
    return memory.get(JAVA_INT, OWNER);
  }

  public int group() {
    return memory.get(JAVA_INT, GROUP);
  }

  /** Of a device node: major and minor number as the kernel packs them into 32 bits. */
  public int deviceOfNode() {
    return memory.get(JAVA_INT, DEVICE_OF_NODE);
  }

  public long size() {
    return memory.get(JAVA_LONG, SIZE);
  }

  public int blockSize() {
    return memory.get(JAVA_INT, BLOCK_SIZE);
  }

  /** Of 512 bytes. */
  public long blocks() {
    return memory.get(JAVA_LONG, BLOCKS);
  }

  public long accessed() {
    return memory.get(JAVA_LONG, ACCESSED);
  }

  public int accessedNanos() {
    return memory.get(JAVA_INT, ACCESSED + NANOS);
  }

  public long modified() {
    return memory.get(JAVA_LONG, MODIFIED);
  }

  public int modifiedNanos() {
    return memory.get(JAVA_INT, MODIFIED + NANOS);
  }

  public long changed() {
    return memory.get(JAVA_LONG, CHANGED);
  }

  public int changedNanos() {
    return memory.get(JAVA_INT, CHANGED + NANOS);
  }

  /**
   * Fills it for something that is on no disk.
   *
   * @param mode type and permissions
   * @param modifiedMillis since 1970; stands for all three times
   */
  public static void fill(
      MemorySegment into, long inode, int mode, int links, long size, long modifiedMillis) {
    MemorySegment stat = into.reinterpret(SIZE_OF);
    stat.fill((byte) 0);
    stat.set(JAVA_LONG, INODE, inode);
    stat.set(JAVA_INT, MODE, mode);
    stat.set(JAVA_INT, LINKS, links);
    stat.set(JAVA_LONG, SIZE, size);
    stat.set(JAVA_INT, BLOCK_SIZE, 4096);
    stat.set(JAVA_LONG, BLOCKS, Math.ceilDiv(size, 512));
    for (long time : new long[] {ACCESSED, MODIFIED, CHANGED}) {
      stat.set(JAVA_LONG, time, Math.floorDiv(modifiedMillis, 1000L));
      stat.set(JAVA_LONG, time + NANOS, Math.floorMod(modifiedMillis, 1000L) * 1_000_000L);
    }
  }
}
