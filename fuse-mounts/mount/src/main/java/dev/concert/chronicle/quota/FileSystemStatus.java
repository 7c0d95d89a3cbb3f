package dev.concert.chronicle.quota;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** A {@code struct statvfs} of Linux on a 64-bit processor. */
record FileSystemStatus(MemorySegment memory) {
  private static final long SIZE_OF = 64;
  private static final long FRAGMENT_SIZE = 8;
  private static final long BLOCKS = 16;
  private static final long BLOCKS_FREE = 24;
  private static final long BLOCKS_AVAILABLE = 32;
  private static final long FILES = 40;
  private static final long FILES_FREE = 48;
  private static final long FILES_AVAILABLE = 56;

  FileSystemStatus {
    memory = memory.reinterpret(SIZE_OF);
  }

  /** Lowers sizes and free room to these; a negative room is none. */
  void bound(long bytes, long bytesFree, long files, long filesFree) {
    long fragment = Math.max(1, memory.get(JAVA_LONG, FRAGMENT_SIZE));
    lower(BLOCKS, bytes / fragment);
    lower(BLOCKS_FREE, Math.max(0, bytesFree) / fragment);
    lower(BLOCKS_AVAILABLE, Math.max(0, bytesFree) / fragment);
    lower(FILES, files);
    lower(FILES_FREE, Math.max(0, filesFree));
    lower(FILES_AVAILABLE, Math.max(0, filesFree));
  }

  private void lower(long field, long most) {
    memory.set(JAVA_LONG, field, Math.min(memory.get(JAVA_LONG, field), most));
  }
}
