package dev.concert.chronicle.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Gets a descriptor from a program that sends one over a socket it inherits ({@code SCM_RIGHTS}).
 * {@link ProcessBuilder} hands on nothing but the three standard streams, so the program is started
 * by {@code posix_spawn}.
 */
public final class DescriptorSocket {
  private static final int UNIX = 1;
  private static final int STREAM = 1;
  private static final int CLOSE_ON_EXEC = 02000000;
  private static final int CHILD_END = 3;
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int READABLE = 1;
  private static final int RIGHTS = 1;
  private static final MethodHandle SOCKETPAIR =
      LibC.bind("socketpair", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle ACTIONS_INIT =
      LibC.bind("posix_spawn_file_actions_init", JAVA_INT, ADDRESS);
  private static final MethodHandle ACTIONS_DUP =
      LibC.bind("posix_spawn_file_actions_adddup2", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle ACTIONS_DESTROY =
      LibC.bind("posix_spawn_file_actions_destroy", JAVA_INT, ADDRESS);
  private static final MethodHandle SPAWN =
      LibC.bind("posix_spawn", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle WAITPID =
      LibC.bind("waitpid", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle POLL =
      LibC.bind("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle RECVMSG =
      LibC.bind("recvmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);

  private DescriptorSocket() {}

  /**
   * Runs a program that sends a descriptor and ends.
   *
   * @param variable of its environment that names the socket
   * @return the descriptor, or a negative errno
   */
  public static int receiveFrom(List<String> command, String variable) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(JAVA_INT, 2);
      CallMemory scratch = CallMemory.current();
      PosixException.check(
          scratch.result(
              (int) SOCKETPAIR.invokeExact(scratch.state, UNIX, STREAM | CLOSE_ON_EXEC, 0, ends)),
          "socketpair");
      int ours = ends.getAtIndex(JAVA_INT, 0);
      int theirs = ends.getAtIndex(JAVA_INT, 1);
      try {
        int child = spawn(arena, command, variable, theirs);
        FileCalls.close(theirs);
        int received = child < 0 ? child : receive(arena, ours);
        if (child > 0) {
          int ignored =
              (int) WAITPID.invokeExact(scratch.state, child, arena.allocate(JAVA_INT), 0);
        }
        return received;
      } finally {
        FileCalls.close(ours);
      }
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /** Answers with the process id, or a negative errno. */
  private static int spawn(Arena arena, List<String> command, String variable, int socket)
      throws Throwable {
    CallMemory scratch = CallMemory.current();
    // Larger than posix_spawn_file_actions_t of any glibc.
    MemorySegment actions = arena.allocate(256, 8);
    int ignored = (int) ACTIONS_INIT.invokeExact(scratch.state, actions);
    try {
      ignored = (int) ACTIONS_DUP.invokeExact(scratch.state, actions, socket, CHILD_END);
      List<String> environment = new ArrayList<>(List.of(variable + "=" + CHILD_END));
      System.getenv().entrySet().stream()
          .filter(entry -> entry.getKey().equals("PATH"))
          .map(Map.Entry::toString)
          .forEach(environment::add);
      MemorySegment child = arena.allocate(JAVA_INT);
      int failed =
          (int)
              SPAWN.invokeExact(
                  scratch.state,
                  child,
                  arena.allocateFrom(command.getFirst()),
                  actions,
                  MemorySegment.NULL,
                  strings(arena, command),
                  strings(arena, environment));
      return failed == 0 ? child.get(JAVA_INT, 0) : -failed;
    } finally {
      ignored = (int) ACTIONS_DESTROY.invokeExact(scratch.state, actions);
    }
  }

  private static MemorySegment strings(Arena arena, List<String> texts) {
    MemorySegment array = arena.allocate(ADDRESS, texts.size() + 1);
    for (int number = 0; number < texts.size(); number++) {
      array.setAtIndex(ADDRESS, number, arena.allocateFrom(texts.get(number)));
    }
    return array;
  }

  private static int receive(Arena arena, int socket) throws Throwable {
    CallMemory scratch = CallMemory.current();
    MemorySegment waiting = arena.allocate(8, 8);
    waiting.set(JAVA_INT, 0, socket);
    waiting.set(JAVA_SHORT, 4, (short) READABLE);
    int ready = (int) POLL.invokeExact(scratch.state, waiting, 1L, TIMEOUT_MILLIS);
    if (ready <= 0) {
      return -Errno.EIO;
    }
    // struct iovec, struct cmsghdr with one int, struct msghdr
    MemorySegment piece = arena.allocate(16, 8);
    piece.set(ADDRESS, 0, arena.allocate(1));
    piece.set(JAVA_LONG, 8, 1);
    MemorySegment control = arena.allocate(24, 8);
    MemorySegment message = arena.allocate(56, 8);
    message.set(ADDRESS, 16, piece);
    message.set(JAVA_LONG, 24, 1);
    message.set(ADDRESS, 32, control);
    message.set(JAVA_LONG, 40, control.byteSize());
    long got =
        scratch.result((long) RECVMSG.invokeExact(scratch.state, socket, message, 0x40000000));
    boolean isDescriptor =
        got > 0 && message.get(JAVA_LONG, 40) >= 20 && control.get(JAVA_INT, 12) == RIGHTS;
    return isDescriptor ? control.get(JAVA_INT, 16) : got < 0 ? (int) got : -Errno.EIO;
  }
}
