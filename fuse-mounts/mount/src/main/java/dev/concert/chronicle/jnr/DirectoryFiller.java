package dev.concert.chronicle.jnr;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.concert.chronicle.posix.DirectoryEntry;
import dev.concert.chronicle.posix.StatBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import jnr.ffi.Pointer;

/**
 * Hands directory entries to libfuse by the function that it passes to {@code readdir}, so that
 * names are not converted. For one request.
 */
final class DirectoryFiller implements DirectoryEntry, AutoCloseable {
  /** Bytes of entries that the kernel asks for at once. */
  static final long PIECE = 4096;

  private static final MethodHandle FILL =
      Linker.nativeLinker()
          .downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));

  /** From {@code d_type} to the type in {@code st_mode}. */
  private static final int TYPE_SHIFT = 12;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment status = arena.allocate(StatBuffer.SIZE_OF, 8);
  private final MemorySegment buffer;
  private final MemorySegment function;

  DirectoryFiller(Pointer buffer, Pointer function) {
    this.buffer = MemorySegment.ofAddress(buffer.address());
    this.function = MemorySegment.ofAddress(function.address());
  }

  @Override
  public boolean accept(MemorySegment name, long inode, int type, long next) {
    StatBuffer.fill(status, inode, type << TYPE_SHIFT, 1, 0, 0);
    try {
      return (int) FILL.invokeExact(function, buffer, name, status, next) == 0;
    } catch (Throwable failure) {
      throw new IllegalStateException("libfuse's filler does not throw", failure);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
