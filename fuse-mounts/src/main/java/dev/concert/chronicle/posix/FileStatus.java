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
 * @param size bytes
 * @param modifiedNanos time of the last change of content, nanoseconds since 1970
 */
public record FileStatus(int mode, int links, long inode, long size, long modifiedNanos) {
  private static final int TYPE = 0170000;

  /** Reads a {@code struct statx}: unlike {@code struct stat} it is the same everywhere. */
  static FileStatus of(MemorySegment statx) {
    return new FileStatus(
        Short.toUnsignedInt(statx.get(JAVA_SHORT, 28)),
        statx.get(JAVA_INT, 16),
        statx.get(JAVA_LONG, 32),
        statx.get(JAVA_LONG, 40),
        statx.get(JAVA_LONG, 112) * 1_000_000_000L + statx.get(JAVA_INT, 120));
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
