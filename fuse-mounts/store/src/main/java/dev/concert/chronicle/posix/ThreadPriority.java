package dev.concert.chronicle.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.invoke.MethodHandle;

/** How a thread shares the processors with all others of the host. */
public final class ThreadPriority {
  private static final boolean BY_THREAD = "Linux".equals(System.getProperty("os.name"));
  private static final int PROCESS = 0;

  /** About a tenth of what others get where all are busy; as much as it likes where none is. */
  private static final int YIELDING = 10;

  private static final class Calls {
    static final MethodHandle SETPRIORITY =
        LibC.bind("setpriority", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  }

  private ThreadPriority() {}

  /**
   * Work for a thread of its own that leaves the processors to others. Linux counts threads as
   * processes there; elsewhere nothing changes.
   */
  public static Runnable yielding(Runnable work) {
    return BY_THREAD
        ? () -> {
          lower();
          work.run();
        }
        : work;
  }

  private static void lower() {
    CallMemory scratch = CallMemory.current();
    try {
      // Where it is refused the work is done all the same.
      int ignored = (int) Calls.SETPRIORITY.invokeExact(scratch.state, PROCESS, 0, YIELDING);
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }
}
