package dev.concert.chronicle.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * LibC memory that takes no room before it is used, page by page; what an {@link Arena} allocates
 * itself is filled with zeros at once.
 */
public final class PageMemory {
  private static final int READ_AND_WRITE = 3;
  private static final int PRIVATE_AND_ANONYMOUS = 0x22;
  private static final MethodHandle MMAP =
      LibC.bind("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle MUNMAP = LibC.bind("munmap", JAVA_INT, ADDRESS, JAVA_LONG);

  private PageMemory() {}

  /** Is freed with the arena. */
  public static MemorySegment allocate(Arena arena, long size) {
    CallMemory scratch = CallMemory.current();
    try {
      MemorySegment pages =
          (MemorySegment)
              MMAP.invokeExact(
                  scratch.state,
                  MemorySegment.NULL,
                  size,
                  READ_AND_WRITE,
                  PRIVATE_AND_ANONYMOUS,
                  -1,
                  0L);
      if (pages.address() == -1) {
        throw new PosixException(LibC.errno(scratch.state), "mmap");
      }
      return pages.reinterpret(size, arena, gone -> free(gone, size));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  private static void free(MemorySegment pages, long size) {
    CallMemory scratch = CallMemory.current();
    try {
      int ignored = (int) MUNMAP.invokeExact(scratch.state, pages, size);
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }
}
