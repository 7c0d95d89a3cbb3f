package dev.concert.chronicle.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Native memory that one thread needs during one system call; freed with the thread. */
final class CallMemory {
  private static final int PATH_MAX = 4096;
  private static final int STATX_SIZE = 256;
  private static final int BUFFER_SIZE = 128 * 1024;
  private static final int ENTRIES_SIZE = 32 * 1024;
  private static final ThreadLocal<CallMemory> CURRENT = ThreadLocal.withInitial(CallMemory::new);

  final MemorySegment state;
  final MemorySegment status;
  private final MemorySegment first;
  private final MemorySegment second;
  private final Arena arena = Arena.ofAuto();
  private MemorySegment buffer;
  private MemorySegment entries;

  private CallMemory() {
    state = arena.allocate(LibC.STATE_SIZE, 8);
    status = arena.allocate(STATX_SIZE, 8);
    first = arena.allocate(PATH_MAX);
    second = arena.allocate(PATH_MAX);
  }

  static CallMemory current() {
    return CURRENT.get();
  }

  /** The text as a C string; valid until the next call on this thread. */
  MemorySegment first(String text) {
    return put(text, first);
  }

  MemorySegment first(byte[] text) {
    return put(text, first);
  }

  MemorySegment second(String text) {
    return put(text, second);
  }

  /** 128 KiB for contents; allocated when first needed. */
  MemorySegment buffer() {
    if (buffer == null) {
      buffer = arena.allocate(BUFFER_SIZE);
    }
    return buffer;
  }

  /** 32 KiB for the entries of a directory; allocated when first needed. */
  MemorySegment entries() {
    if (entries == null) {
      entries = arena.allocate(ENTRIES_SIZE, 8);
    }
    return entries;
  }

  /** A result as the kernel gives it: the errno negated where the call failed. */
  int result(int result) {
    return result >= 0 ? result : -LibC.errno(state);
  }

  long result(long result) {
    return result >= 0 ? result : -LibC.errno(state);
  }

  private static MemorySegment put(String text, MemorySegment target) {
    return put(text.getBytes(StandardCharsets.UTF_8), target);
  }

  private static MemorySegment put(byte[] bytes, MemorySegment target) {
    if (bytes.length >= PATH_MAX) {
      throw new PosixException(Errno.ENAMETOOLONG, "path");
    }
    MemorySegment.copy(bytes, 0, target, JAVA_BYTE, 0, bytes.length);
    target.set(JAVA_BYTE, bytes.length, (byte) 0);
    return target;
  }
}
