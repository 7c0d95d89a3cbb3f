package dev.concert.chronicle.quota;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.tree.FileSystem;
import java.lang.foreign.MemorySegment;

/**
 * Reserves the room that a change of content needs. While there is plenty it reserves as much as
 * the change could need; near the quota it looks which part of the file is allocated already, so
 * that a full workspace can still be overwritten. Thread-safe.
 */
final class WriteRoom {
  private static final long PAGE = 4096;

  /** Others may hold as much that they will not use: 32 requests of a mount, 1 MiB each. */
  private static final long PLENTY = 64L << 20;

  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  private final FileSystem files;
  private final DiskUsage usage;

  WriteRoom(FileSystem files, DiskUsage usage) {
    this.files = files;
    this.usage = usage;
  }

  /** Reserved bytes; -1 where there is not enough room. */
  long reserve(long handle, long offset, long length) {
    long most = pages(offset, length);
    if (usage.reserve(most, PLENTY)) {
      return most;
    }
    long needed = unallocated(handle, offset, length);
    return usage.reserve(needed, 0) ? needed : -1;
  }

  /** How many of these bytes fit, which are fewer than all; 0 for none. */
  long fitting(long offset, long length) {
    // The piece may begin and end within a page.
    long room = usage.room() / PAGE * PAGE - PAGE;
    return Math.clamp(room - offset % PAGE, 0, length);
  }

  /** The pages that a piece of a file touches, in bytes. */
  private static long pages(long offset, long length) {
    long first = offset / PAGE;
    long last = Math.ceilDiv(offset + length, PAGE);
    return Math.max(0, (last - first) * PAGE);
  }

  private long unallocated(long handle, long offset, long length) {
    Allocation file = Allocation.of(into -> files.statusOfOpen(handle, into));
    long end = Math.ceilDiv(file.size(), PAGE) * PAGE;
    if (offset + length <= end && file.bytes() >= end) {
      return 0;
    }
    long needed = 0;
    long position = offset;
    while (position < offset + length) {
      long data = files.seek(handle, position, SEEK_DATA);
      long next = data < 0 ? offset + length : Math.min(data, offset + length);
      needed += pages(position, next - position);
      if (next == offset + length) {
        break;
      }
      long hole = files.seek(handle, next, SEEK_HOLE);
      position = hole < 0 ? offset + length : hole;
    }
    return needed;
  }

  /** A {@code struct statvfs} with the quota as the size of the disk, where that is less. */
  void describe(MemorySegment statvfs) {
    DiskUsage.Reading now = usage.read();
    FileSystemStatus status = new FileSystemStatus(statvfs);
    status.bound(
        usage.quota().bytes(),
        usage.quota().bytes() - now.bytes(),
        usage.quota().files(),
        usage.quota().files() - now.files());
  }

  static int full() {
    return -Errno.ENOSPC;
  }
}
