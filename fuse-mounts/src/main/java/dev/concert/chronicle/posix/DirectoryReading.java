package dev.concert.chronicle.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Reads the entries of an open directory. Thread-safe as long as each has its own descriptor. */
public final class DirectoryReading {
  private static final int MAX_ENTRY = 280;
  private static final MethodHandle FDOPENDIR = Native.bind("fdopendir", ADDRESS, JAVA_INT);
  private static final MethodHandle READDIR = Native.bind("readdir", ADDRESS, ADDRESS);
  private static final MethodHandle CLOSEDIR = Native.bind("closedir", JAVA_INT, ADDRESS);

  private DirectoryReading() {}

  /** Hands every entry to the taker and closes the descriptor. Answers 0 or a negative errno. */
  public static int readAll(int fd, DirectoryEntry taker) {
    Scratch scratch = Scratch.current();
    try {
      MemorySegment stream = (MemorySegment) FDOPENDIR.invokeExact(scratch.state, fd);
      if (stream.address() == 0) {
        int failure = -Native.errno(scratch.state);
        FileCalls.close(fd);
        return failure;
      }
      try {
        MemorySegment entry = next(scratch, stream);
        while (entry.address() != 0 && take(entry, taker)) {
          entry = next(scratch, stream);
        }
        return 0;
      } finally {
        int ignored = (int) CLOSEDIR.invokeExact(scratch.state, stream);
      }
    } catch (Throwable failure) {
      throw Native.unexpected(failure);
    }
  }

  private static MemorySegment next(Scratch scratch, MemorySegment stream) throws Throwable {
    return (MemorySegment) READDIR.invokeExact(scratch.state, stream);
  }

  private static boolean take(MemorySegment address, DirectoryEntry taker) {
    MemorySegment entry = address.reinterpret(MAX_ENTRY);
    int length = Short.toUnsignedInt(entry.get(JAVA_SHORT, 16));
    return taker.accept(
        address.reinterpret(length).asSlice(19), entry.get(JAVA_LONG, 0), entry.get(JAVA_BYTE, 18));
  }
}
