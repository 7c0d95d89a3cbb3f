package dev.concert.chronicle.fuse.protocol;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.OptionalLong;

/** {@code struct fuse_setattr_in}: which attributes are to be changed, and to what. */
public record AttributeChanges(FuseRequest request) {
  private static final int MODE = 1;
  private static final int OWNER = 1 << 1;
  private static final int GROUP = 1 << 2;
  private static final int SIZE = 1 << 3;
  private static final int ACCESSED = 1 << 4;
  private static final int MODIFIED = 1 << 5;
  private static final int HANDLE = 1 << 6;
  private static final int ACCESSED_NOW = 1 << 7;
  private static final int MODIFIED_NOW = 1 << 8;
  private static final int KILL_PRIVILEGES = 1 << 11;

  // Of utimensat(2), instead of nanoseconds.
  private static final long NOW = (1 << 30) - 1;
  private static final long OMIT = (1 << 30) - 2;

  private boolean has(int what) {
    return (request.int32(0) & what) != 0;
  }

  /** The handle of the open file that the process changes, if it uses one. */
  public OptionalLong handle() {
    return has(HANDLE) ? OptionalLong.of(request.int64(8)) : OptionalLong.empty();
  }

  public boolean hasSize() {
    return has(SIZE);
  }

  public long size() {
    return request.int64(16);
  }

  public boolean hasMode() {
    return has(MODE);
  }

  public int mode() {
    return request.int32(68);
  }

  public boolean hasOwner() {
    return has(OWNER | GROUP);
  }

  /** Or -1. */
  public int owner() {
    return has(OWNER) ? request.int32(76) : -1;
  }

  /** Or -1. */
  public int group() {
    return has(GROUP) ? request.int32(80) : -1;
  }

  /** Whether a change of the size clears set-user-id and set-group-id. */
  public boolean takesPrivileges() {
    return has(KILL_PRIVILEGES);
  }

  public boolean hasTimes() {
    return has(ACCESSED | MODIFIED);
  }

  /** Two {@code struct timespec}: access, modification. */
  public MemorySegment times(SegmentAllocator memory) {
    MemorySegment times = memory.allocate(32, 8);
    time(times, 0, ACCESSED, ACCESSED_NOW, request.int64(32), request.int32(56));
    time(times, 16, MODIFIED, MODIFIED_NOW, request.int64(40), request.int32(60));
    return times;
  }

  private void time(MemorySegment times, long at, int set, int now, long seconds, long nanos) {
    times.set(JAVA_LONG, at, seconds);
    times.set(JAVA_LONG, at + 8, has(now) ? NOW : has(set) ? nanos : OMIT);
  }
}
