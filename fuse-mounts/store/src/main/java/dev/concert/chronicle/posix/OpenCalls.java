package dev.concert.chronicle.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * Opens what is there, wherever it is; for what a process of a workspace names there is {@link
 * OpenDirectory}. Thread-safe.
 */
public final class OpenCalls {
  private static final int CURRENT_DIRECTORY = -100;
  private static final MethodHandle OPENAT =
      LibC.bindVariadic("openat", 2, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);

  private OpenCalls() {}

  /** Answers with a descriptor or a negative errno. */
  public static int open(Path file, int flags) {
    CallMemory scratch = CallMemory.current();
    int closing = flags | OpenFlags.CLOSE_ON_EXEC;
    try {
      return scratch.result(
          (int)
              OPENAT.invokeExact(
                  scratch.state, CURRENT_DIRECTORY, scratch.first(file.toString()), closing));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /**
   * The file behind a descriptor once more, with access of its own, whether it has a name or not.
   */
  public static int again(int fd, int flags) {
    return open(Path.of("/proc/self/fd", Integer.toString(fd)), flags);
  }
}
