package dev.concert.chronicle.fuse.request;

import dev.concert.chronicle.posix.StatBuffer;
import dev.concert.chronicle.tree.FileSystem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;

/**
 * Clears set-user-id and set-group-id of a file after an ordinary user changed its content. The
 * disk does not, because this process, which may be root's, makes the change.
 */
record SetIdBits(FileSystem files) {
  private static final int SET_USER = 04000;
  private static final int SET_GROUP = 02000;
  private static final int GROUP_EXECUTES = 010;

  /** Returns 0 or a negative errno. */
  int take(long handle) {
    return take(
        status -> files.statusOfOpen(handle, status), mode -> files.changeModeOpen(handle, mode));
  }

  int take(String path) {
    return take(status -> files.status(path, status), mode -> files.changeMode(path, mode));
  }

  private static int take(ToIntFunction<MemorySegment> looking, IntUnaryOperator changing) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(StatBuffer.SIZE_OF, 8);
      int result = looking.applyAsInt(status);
      if (result < 0) {
        return result;
      }
      int mode = new StatBuffer(status).mode() & 07777;
      // Without the group's execute permission, set-group-id means mandatory locks.
      int taken = (mode & GROUP_EXECUTES) == 0 ? SET_USER : SET_USER | SET_GROUP;
      return (mode & taken) == 0 ? 0 : changing.applyAsInt(mode & ~taken);
    }
  }
}
