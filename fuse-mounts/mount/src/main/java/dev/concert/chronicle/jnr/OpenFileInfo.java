package dev.concert.chronicle.jnr;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import jnr.ffi.Pointer;

/**
 * libfuse's {@code struct fuse_file_info}, used where it lies: jnr-fuse's class for it cannot set
 * the bit fields. Layout of {@code fuse_common.h} of libfuse 2.9 on 64-bit Linux. Valid during the
 * callback.
 */
record OpenFileInfo(MemorySegment memory) {
  private static final long FLAGS = 0;
  private static final long BITS = 20;
  private static final long HANDLE = 24;
  private static final long SIZE = 40;
  private static final int DIRECT_IO = 1;

  static OpenFileInfo at(Pointer pointer) {
    return new OpenFileInfo(Callbacks.memory(pointer, SIZE));
  }

  /** Of {@code open(2)}. */
  int flags() {
    return memory.get(JAVA_INT, FLAGS);
  }

  long handle() {
    return memory.get(JAVA_LONG, HANDLE);
  }

  void handle(long handle) {
    memory.set(JAVA_LONG, HANDLE, handle);
  }

  /** Every read reaches the filesystem; the kernel keeps no pages. */
  void directIo() {
    memory.set(JAVA_INT, BITS, memory.get(JAVA_INT, BITS) | DIRECT_IO);
  }
}
