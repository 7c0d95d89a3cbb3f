package dev.concert.chronicle.jnr;

import static dev.concert.chronicle.jnr.Callbacks.memory;
import static dev.concert.chronicle.jnr.Callbacks.path;

import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.tree.FileSystem;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;
import jnr.ffi.Pointer;
import ru.serce.jnrfuse.struct.FuseOperations;

/** Callbacks on open files and on the size of files. */
record ContentCallbacks(FileSystem files, Callbacks callbacks) {
  void register(FuseOperations table) {
    table.create.set(
        (path, mode, info) ->
            answer("create", () -> create(path(path), (int) mode, OpenFileInfo.at(info))));
    table.open.set((path, info) -> answer("open", () -> open(path(path), OpenFileInfo.at(info))));
    table.read.set(
        (path, into, size, offset, info) ->
            byHandle("read", info, handle -> files.read(handle, memory(into, size), size, offset)));
    table.write.set(
        (path, from, size, offset, info) ->
            byHandle(
                "write", info, handle -> files.write(handle, memory(from, size), size, offset)));
    table.truncate.set((path, size) -> answer("truncate", () -> truncate(path(path), size)));
    table.ftruncate.set(
        (path, size, info) ->
            byHandle("ftruncate", info, handle -> files.truncateOpen(handle, size)));
    table.fallocate.set(
        (path, mode, offset, length, info) ->
            byHandle("fallocate", info, handle -> files.allocate(handle, mode, offset, length)));
    table.flush.set((path, info) -> byHandle("flush", info, files::flush));
    table.fsync.set(
        (path, dataOnly, info) ->
            byHandle("fsync", info, handle -> files.sync(handle, dataOnly != 0)));
    table.release.set((path, info) -> byHandle("release", info, files::release));
  }

  private int answer(String operation, IntSupplier call) {
    return callbacks.answer(operation, call);
  }

  private interface ByHandle {
    int apply(long handle);
  }

  private int byHandle(String operation, Pointer info, ByHandle call) {
    return answer(operation, () -> call.apply(OpenFileInfo.at(info).handle()));
  }

  private int create(String path, int mode, OpenFileInfo info) {
    return opened(info, files.create(path, info.flags(), mode, callbacks.caller()));
  }

  private int open(String path, OpenFileInfo info) {
    Optional<Long> hidden = callbacks.hidden().handle(path);
    int result =
        opened(
            info,
            hidden.isPresent()
                ? files.reopen(hidden.get(), info.flags())
                : files.open(path, info.flags()));
    if (result == 0 && files.readsDirectly(info.handle())) {
      info.directIo();
    }
    return result;
  }

  private static int opened(OpenFileInfo info, long handle) {
    if (handle < 0) {
      return (int) handle;
    }
    info.handle(handle);
    return 0;
  }

  private int truncate(String path, long size) {
    Optional<Long> hidden = callbacks.hidden().handle(path);
    return hidden.isPresent()
        ? reopened(hidden.get(), handle -> files.truncateOpen(handle, size))
        : files.truncate(path, size);
  }

  /** The handle of a hidden file is for reading only. */
  private int reopened(long hidden, ToIntFunction<Long> work) {
    long handle = files.reopen(hidden, OpenFlags.READ_WRITE);
    if (handle < 0) {
      return (int) handle;
    }
    try {
      return work.applyAsInt(handle);
    } finally {
      files.release(handle);
    }
  }
}
