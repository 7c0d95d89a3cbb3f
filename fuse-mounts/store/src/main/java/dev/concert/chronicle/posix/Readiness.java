package dev.concert.chronicle.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Tells which of many descriptors has something to read ({@code epoll}, Linux). Each arrival is
 * told once and to one of the threads that wait; whoever is told reads once and has the rest told
 * to another by {@link #tellAgain}.
 *
 * <p>Thread-safe. Close it when no thread waits any more.
 */
public final class Readiness implements AutoCloseable {
  /** What {@link #await} answers after {@link #stop}. */
  public static final long STOPPED = 0;

  private static final int CLOSE_ON_EXEC = OpenFlags.CLOSE_ON_EXEC;
  private static final int ADD = 1;
  private static final int MODIFY = 3;
  private static final int READABLE = 1;
  private static final int ONCE_PER_ARRIVAL = 1 << 31;

  /** {@code struct epoll_event} is packed on x86-64 only. */
  private static final long TOKEN = "aarch64".equals(System.getProperty("os.arch")) ? 8 : 4;

  private static final MethodHandle EPOLL_CREATE1 = LibC.bind("epoll_create1", JAVA_INT, JAVA_INT);
  private static final MethodHandle EPOLL_CTL =
      LibC.bind("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle EPOLL_WAIT =
      LibC.bind("epoll_wait", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle EVENTFD = LibC.bind("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);

  private final int epoll;
  private final int stop;

  private Readiness(int epoll, int stop) {
    this.epoll = epoll;
    this.stop = stop;
  }

  /**
   * @throws PosixException when the process has too many descriptors
   */
  public static Readiness open() {
    int epoll =
        PosixException.check(FileCalls.onDescriptor(EPOLL_CREATE1, CLOSE_ON_EXEC), "epoll_create1");
    CallMemory scratch = CallMemory.current();
    try {
      int stop = scratch.result((int) EVENTFD.invokeExact(scratch.state, 0, CLOSE_ON_EXEC));
      return new Readiness(epoll, PosixException.check(stop, "eventfd"));
    } catch (PosixException refused) {
      FileCalls.close(epoll);
      throw refused;
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /**
   * Reports this descriptor from now on, including data that is there already, until it is closed.
   *
   * @param token what {@link #await} answers with; not 0
   * @throws PosixException when the descriptor cannot be watched
   */
  public void watch(int fd, long token) {
    PosixException.check(control(ADD, fd, READABLE | ONCE_PER_ARRIVAL, token), "epoll_ctl");
  }

  /** Tells once more of a descriptor if there is something to read. */
  public void tellAgain(int fd, long token) {
    control(MODIFY, fd, READABLE | ONCE_PER_ARRIVAL, token);
  }

  /**
   * Tells nothing of a descriptor until {@link #tellAgain}, which also tells what came meanwhile.
   */
  public void tellNothing(int fd, long token) {
    control(MODIFY, fd, 0, token);
  }

  /** Waits; answers with the token of a descriptor, or with {@link #STOPPED}. */
  public long await() {
    CallMemory scratch = CallMemory.current();
    int found;
    do {
      try {
        found =
            scratch.result(
                (int) EPOLL_WAIT.invokeExact(scratch.state, epoll, scratch.status, 1, -1));
      } catch (Throwable failure) {
        throw LibC.unexpected(failure);
      }
    } while (found == -Errno.EINTR);
    PosixException.check(found, "epoll_wait");
    return scratch.status.get(JAVA_LONG_UNALIGNED, TOKEN);
  }

  /** Every thread that waits, now or later, gets {@link #STOPPED}. */
  public void stop() {
    control(ADD, stop, READABLE, STOPPED);
    MemorySegment one = CallMemory.current().status;
    one.set(JAVA_LONG, 0, 1);
    DeviceCalls.write(stop, one, Long.BYTES);
  }

  private int control(int operation, int fd, int events, long token) {
    CallMemory scratch = CallMemory.current();
    scratch.status.set(JAVA_INT, 0, events);
    scratch.status.set(JAVA_LONG_UNALIGNED, TOKEN, token);
    try {
      return scratch.result(
          (int) EPOLL_CTL.invokeExact(scratch.state, epoll, operation, fd, scratch.status));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  @Override
  public void close() {
    FileCalls.close(epoll);
    FileCalls.close(stop);
  }
}
