package dev.concert.chronicle.fuse;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * How the kernel serves the mount. Names and attributes are cached because nothing changes the tree
 * but the mount; one second, because two hard links of a file do not know of each other.
 */
final class MountOptions {
  static final String SUBTYPE = "chronicle";
  private static final String COMMON =
      "fsname=concert,subtype="
          + SUBTYPE
          + ",big_writes,max_write=131072,attr_timeout=1,entry_timeout=1,negative_timeout=1"
          + ",default_permissions,use_ino,atomic_o_trunc";

  private MountOptions() {}

  /** libfuse's {@code struct fuse_args}; other users than root may not let others in. */
  static MemorySegment arguments(SegmentAllocator memory, boolean root) {
    String options = root ? COMMON + ",allow_other" : COMMON;
    MemorySegment values = memory.allocate(ADDRESS, 4);
    values.setAtIndex(ADDRESS, 0, memory.allocateFrom(SUBTYPE));
    values.setAtIndex(ADDRESS, 1, memory.allocateFrom("-o"));
    values.setAtIndex(ADDRESS, 2, memory.allocateFrom(options));
    MemorySegment arguments = memory.allocate(24, 8);
    arguments.set(JAVA_INT, 0, 3);
    arguments.set(ADDRESS, 8, values);
    return arguments;
  }
}
