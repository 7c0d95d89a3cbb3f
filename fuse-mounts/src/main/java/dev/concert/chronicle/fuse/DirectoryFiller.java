package dev.concert.chronicle.fuse;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.concert.chronicle.posix.DirectoryEntry;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import jnr.ffi.Pointer;

/** Hands entries to libfuse by its own function, names unconverted. For one listing. */
final class DirectoryFiller implements DirectoryEntry, AutoCloseable {
  private static final MethodHandle FILL =
      Linker.nativeLinker()
          .downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
  private static final long STAT_SIZE = 144;
  private static final long STAT_INODE = 8;
  private static final long STAT_MODE = "aarch64".equals(System.getProperty("os.arch")) ? 16 : 24;
  private static final int TYPE_SHIFT = 12;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment status = arena.allocate(STAT_SIZE, 8);
  private final MemorySegment buffer;
  private final MemorySegment function;

  DirectoryFiller(Pointer buffer, Pointer function) {
    this.buffer = MemorySegment.ofAddress(buffer.address());
    this.function = MemorySegment.ofAddress(function.address());
  }

  @Override
  public boolean accept(MemorySegment name, long inode, int type) {
    status.set(JAVA_LONG, STAT_INODE, inode);
    status.set(JAVA_INT, STAT_MODE, type << TYPE_SHIFT);
    try {
      return (int) FILL.invokeExact(function, buffer, name, status, 0L) == 0;
    } catch (Throwable failure) {
      throw new IllegalStateException("libfuse's filler cannot throw this", failure);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
