package dev.concert.chronicle.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Opens a path of strangers: the kernel refuses, with {@link Errno#EXDEV}, whatever would leave the
 * directory on the way, be it by {@code ..}, by an absolute symlink or by one that is put in place
 * while the path is walked.
 */
public final class ConfinedOpen {
  private static final long OPENAT2 = 437;
  private static final long OPEN_HOW_SIZE = 24;
  private static final long BENEATH = 0x08;
  private static final long NO_MAGIC_LINKS = 0x02;
  private static final MethodHandle SYSCALL =
      LibC.bindVariadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);

  private ConfinedOpen() {}

  /** Answers with a descriptor or a negative errno. */
  public static int open(OpenDirectory directory, String path, int flags) {
    CallMemory scratch = CallMemory.current();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment how = arena.allocate(OPEN_HOW_SIZE, 8);
      how.set(JAVA_LONG, 0, flags | OpenFlags.CLOSE_ON_EXEC);
      how.set(JAVA_LONG, 16, BENEATH | NO_MAGIC_LINKS);
      return (int)
          scratch.result(
              (long)
                  SYSCALL.invokeExact(
                      scratch.state,
                      OPENAT2,
                      directory.descriptor(),
                      scratch.first(path.isEmpty() ? "." : path),
                      how,
                      OPEN_HOW_SIZE));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }
}
