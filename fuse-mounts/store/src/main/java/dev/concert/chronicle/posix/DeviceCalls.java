package dev.concert.chronicle.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Whole messages from and to a device. Thread-safe. */
public final class DeviceCalls {
  private static final MethodHandle READ =
      LibC.bind("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle WRITE =
      LibC.bind("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

  private static final int SET_FLAGS = 4;
  private static final int NON_BLOCKING = 04000;
  private static final MethodHandle FCNTL =
      LibC.bindVariadic("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);

  private DeviceCalls() {}

  /** Reading answers {@link Errno#EAGAIN} from now on where there is nothing to read. */
  public static int neverWait(int fd) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result((int) FCNTL.invokeExact(scratch.state, fd, SET_FLAGS, NON_BLOCKING));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /**
   * Reads a message that fits into the memory; answers with its length. Waits for one by default.
   */
  public static int read(int fd, MemorySegment into) {
    return transfer(READ, fd, into, into.byteSize());
  }

  /** Writes a message as one. */
  public static int write(int fd, MemorySegment from, long length) {
    return transfer(WRITE, fd, from, length);
  }

  private static int transfer(MethodHandle call, int fd, MemorySegment memory, long length) {
    CallMemory scratch = CallMemory.current();
    try {
      return (int) scratch.result((long) call.invokeExact(scratch.state, fd, memory, length));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }
}
