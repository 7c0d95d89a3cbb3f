package dev.concert.chronicle.fuse;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import jnr.ffi.Pointer;

/**
 * libfuse's {@code struct fuse_file_info}, read where it lies: jnr-fuse's class for it cannot set
 * the bit fields, and would make a dozen objects for every call.
 */
record FileInfo(MemorySegment memory) {
  private static final long FLAGS = 0;
  private static final long BITS = 20;
  private static final long HANDLE = 24;
  private static final long SIZE = 40;
  private static final int DIRECT_IO = 1;
  private static final int KEEP_CACHE = 1 << 1;

  static FileInfo at(Pointer pointer) {
    return new FileInfo(MemorySegment.ofAddress(pointer.address()).reinterpret(SIZE));
  }

  int flags() {
    return memory.get(JAVA_INT, FLAGS);
  }

  long handle() {
    return memory.get(JAVA_LONG, HANDLE);
  }

  void handle(long handle) {
    memory.set(JAVA_LONG, HANDLE, handle);
  }

  /** The kernel asks for every read. */
  void directIo() {
    memory.set(JAVA_INT, BITS, memory.get(JAVA_INT, BITS) | DIRECT_IO);
  }

  /** The kernel may go on using the pages it has of the file. */
  void keepCache() {
    memory.set(JAVA_INT, BITS, memory.get(JAVA_INT, BITS) | KEEP_CACHE);
  }
}
