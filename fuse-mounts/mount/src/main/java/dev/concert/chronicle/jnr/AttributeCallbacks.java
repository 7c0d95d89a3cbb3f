package dev.concert.chronicle.jnr;

import static dev.concert.chronicle.jnr.Callbacks.memory;
import static dev.concert.chronicle.jnr.Callbacks.path;

import dev.concert.chronicle.binding.VisibleAttributes;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.StatBuffer;
import dev.concert.chronicle.tree.FileRef;
import dev.concert.chronicle.tree.FileSystem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.IntSupplier;
import jnr.ffi.Pointer;
import ru.serce.jnrfuse.struct.FuseOperations;

/** Callbacks on attributes, also of files that have no name any more. */
record AttributeCallbacks(FileSystem files, Callbacks callbacks) {
  /** Two {@code struct timespec}. */
  private static final long TIMES = 32;

  /** {@code struct statvfs} of both processors. */
  private static final long STATVFS = 112;

  void register(FuseOperations table) {
    table.getattr.set((path, into) -> answer("getattr", () -> status(path(path), status(into))));
    table.fgetattr.set(
        (path, into, info) ->
            answer(
                "fgetattr",
                () -> files.statusOfOpen(OpenFileInfo.at(info).handle(), status(into))));
    table.statfs.set(
        (path, into) -> answer("statfs", () -> files.fileSystemStatus(memory(into, STATVFS))));
    table.chmod.set((path, mode) -> answer("chmod", () -> mode(path(path), (int) mode)));
    table.chown.set(
        (path, user, group) -> answer("chown", () -> owner(path(path), (int) user, (int) group)));
    table.utimens.set(
        (path, times) -> answer("utimens", () -> times(path(path), memory(times, TIMES))));
    table.getxattr.set(
        (path, name, into, size) -> answer("getxattr", () -> get(path, name, into, size)));
    table.listxattr.set(
        (path, into, size) -> answer("listxattr", () -> list(ref(path), into, size)));
    table.setxattr.set(
        (path, name, value, size, flags) ->
            answer("setxattr", () -> set(path, name, memory(value, size), flags)));
    table.removexattr.set((path, name) -> answer("removexattr", () -> remove(path, name)));
  }

  private int answer(String operation, IntSupplier call) {
    return callbacks.answer(operation, call);
  }

  private static MemorySegment status(Pointer into) {
    return memory(into, StatBuffer.SIZE_OF);
  }

  private FileRef ref(String path) {
    return callbacks.hidden().ref(path(path));
  }

  private int status(String path, MemorySegment into) {
    return callbacks
        .hidden()
        .handle(path)
        .map(handle -> files.statusOfOpen(handle, into))
        .orElseGet(() -> files.status(path, into));
  }

  private int mode(String path, int mode) {
    return callbacks
        .hidden()
        .handle(path)
        .map(handle -> files.changeModeOpen(handle, mode))
        .orElseGet(() -> files.changeMode(path, mode));
  }

  private int owner(String path, int user, int group) {
    return callbacks
        .hidden()
        .handle(path)
        .map(handle -> files.changeOwnerOpen(handle, user, group))
        .orElseGet(() -> files.changeOwner(path, user, group));
  }

  private int times(String path, MemorySegment times) {
    return callbacks
        .hidden()
        .handle(path)
        .map(handle -> files.changeTimesOpen(handle, times))
        .orElseGet(() -> files.changeTimes(path, times));
  }

  private int get(String path, String name, Pointer into, long size) {
    VisibleAttributes.check(name);
    return files.attribute(ref(path), name, buffer(into, size), size);
  }

  private int list(FileRef file, Pointer into, long size) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment names = arena.allocate(VisibleAttributes.LONGEST_LIST);
      int length = files.attributes(file, names, names.byteSize());
      if (length > 0 && callbacks.caller().user() != 0) {
        length = VisibleAttributes.withoutTrusted(names.asSlice(0, length));
      }
      if (length <= 0 || size == 0) {
        return length;
      }
      if (length > size) {
        return -Errno.ERANGE;
      }
      MemorySegment.copy(names, 0, memory(into, size), 0, length);
      return length;
    }
  }

  private int set(String path, String name, MemorySegment value, int flags) {
    VisibleAttributes.check(name);
    return files.setAttribute(ref(path), name, value, flags);
  }

  private int remove(String path, String name) {
    VisibleAttributes.check(name);
    return files.removeAttribute(ref(path), name);
  }

  /** A caller that asks only for the length gives no memory. */
  private static MemorySegment buffer(Pointer into, long size) {
    return size == 0 ? MemorySegment.NULL : memory(into, size);
  }
}
