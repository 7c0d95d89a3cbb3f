package dev.concert.chronicle.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * What {@code statx} says of a file.
 *
 * @param mode type and permissions
 * @param links number of its names
 * @param user its owner, and {@code group} its group, as numbers of the host
 * @param size bytes
 * @param allocated bytes on the disk; fewer than the size where the file has holes
 * @param modifiedNanos time of the last change of content, nanoseconds since 1970
 * @param bornNanos when the file was created; 0 where the disk does not know
 */
public record FileStatus(
    int mode,
    int links,
    int user,
    int group,
    long inode,
    long size,
    long allocated,
    long modifiedNanos,
    long bornNanos) {
  private static final int TYPE = 0170000;
  private static final int BLOCK = 512;

  /** {@code STATX_BTIME}. */
  private static final int BORN = 0x800;

  /** Reads a {@code struct statx}: unlike {@code struct stat} it is the same everywhere. */
  static FileStatus of(MemorySegment statx) {
    return new FileStatus(
        Short.toUnsignedInt(statx.get(JAVA_SHORT, 28)),
        statx.get(JAVA_INT, 16),
        statx.get(JAVA_INT, 20),
        statx.get(JAVA_INT, 24),
        statx.get(JAVA_LONG, 32),
        statx.get(JAVA_LONG, 40),
        statx.get(JAVA_LONG, 48) * BLOCK,
        nanos(statx, 112),
        (statx.get(JAVA_INT, 0) & BORN) == 0 ? 0 : nanos(statx, 80));
  }

  private static long nanos(MemorySegment statx, long at) {
    return statx.get(JAVA_LONG, at) * 1_000_000_000L + statx.get(JAVA_INT, at + 8);
  }

  public boolean isRegular() {
    return (mode & TYPE) == 0100000;
  }

  public boolean isDirectory() {
    return (mode & TYPE) == 0040000;
  }

  public boolean isSymlink() {
    return (mode & TYPE) == 0120000;
  }

  public int permissions() {
    return mode & 07777;
  }
}
