package dev.concert.chronicle.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Reads the entries of an open directory by {@code getdents64(2)}. Thread-safe as long as no other
 * reader uses the same descriptor.
 */
public final class DirectoryReader {
  private static final MethodHandle GETDENTS =
      LibC.bind("getdents64", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  // struct linux_dirent64 of getdents64(2)
  private static final long NEXT = 8;
  private static final long LENGTH = 16;
  private static final long TYPE = 18;
  private static final long NAME = 19;
  private static final long ALIGNMENT = 8;

  private DirectoryReader() {}

  /** Hands every entry to the taker and closes the descriptor. Answers 0 or a negative errno. */
  public static int readAll(int fd, DirectoryEntry taker) {
    try {
      return read(fd, 0, Long.MAX_VALUE, taker);
    } finally {
      FileCalls.close(fd);
    }
  }

  /**
   * Hands entries from a position on to the taker, until it stops or there are no more.
   *
   * @param position 0, or what came with the last entry that was taken
   * @param piece how many bytes of entries to fetch at once, about
   * @return 0 or a negative errno
   */
  public static int read(int fd, long position, long piece, DirectoryEntry taker) {
    long there = FileCalls.seek(fd, position, FileCalls.FROM_START);
    if (there < 0) {
      return (int) there;
    }
    // The taker may need this thread's buffer for itself.
    MemorySegment buffer = CallMemory.current().entries();
    long size = Math.max(1024, Math.min(buffer.byteSize(), piece));
    long got = fetch(fd, buffer, size);
    while (got > 0) {
      for (long at = 0; at < got; ) {
        MemorySegment entry =
            buffer.asSlice(at, Short.toUnsignedInt(buffer.get(JAVA_SHORT, at + LENGTH)));
        if (!take(entry, taker)) {
          return 0;
        }
        at += entry.byteSize();
      }
      got = fetch(fd, buffer, size);
    }
    return (int) got;
  }

  private static long fetch(int fd, MemorySegment buffer, long size) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result((long) GETDENTS.invokeExact(scratch.state, fd, buffer, size));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  private static boolean take(MemorySegment entry, DirectoryEntry taker) {
    long end = Math.max(NAME, entry.byteSize() - ALIGNMENT);
    while (entry.get(JAVA_BYTE, end) != 0) {
      end++;
    }
    return taker.accept(
        entry.asSlice(NAME, end + 1 - NAME),
        entry.get(LONG, 0),
        entry.get(JAVA_BYTE, TYPE),
        entry.get(LONG, NEXT));
  }
}
