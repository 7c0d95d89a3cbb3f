package dev.concert.chronicle.quota;

import dev.concert.chronicle.posix.StatBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.ToIntFunction;

/**
 * What one file takes of the disk.
 *
 * @param bytes allocated; the same for every folder
 * @param size up to its end, with holes
 */
record Allocation(long inode, int mode, int links, long bytes, long size) {
  private static final int BLOCK = 512;
  private static final int TYPE = 0170000;
  private static final int REGULAR = 0100000;
  private static final int DIRECTORY = 0040000;

  /** Counts for each folder: what the disk has for its names grows with them and stays so. */
  private static final long FOLDER = 4096;

  /** Each thread that serves requests keeps one. */
  private static final ThreadLocal<MemorySegment> MEMORY =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(StatBuffer.SIZE_OF, Long.BYTES));

  /** What is where there is no such file. */
  static final Allocation NONE = new Allocation(0, 0, 0, 0, 0);

  /**
   * @param status fills a {@code struct stat}, or answers with a negative errno
   */
  static Allocation of(ToIntFunction<MemorySegment> status) {
    MemorySegment memory = MEMORY.get();
    if (status.applyAsInt(memory) < 0) {
      return NONE;
    }
    return of(new StatBuffer(memory));
  }

  static Allocation of(StatBuffer stat) {
    long bytes = isDirectory(stat.mode()) ? FOLDER : stat.blocks() * BLOCK;
    return new Allocation(stat.inode(), stat.mode(), stat.links(), bytes, stat.size());
  }

  boolean isThere() {
    return mode != 0;
  }

  boolean isRegular() {
    return (mode & TYPE) == REGULAR;
  }

  boolean isDirectory() {
    return isDirectory(mode);
  }

  private static boolean isDirectory(int mode) {
    return (mode & TYPE) == DIRECTORY;
  }

  /** Whether it is gone with the name by which it was found. */
  boolean hasOneName() {
    return isThere() && (isDirectory() || links == 1);
  }
}
