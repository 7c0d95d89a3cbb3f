package dev.concert.chronicle.jnr;

import static dev.concert.chronicle.jnr.Callbacks.memory;
import static dev.concert.chronicle.jnr.Callbacks.path;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.concert.chronicle.tree.FileSystem;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;
import jnr.ffi.Pointer;
import ru.serce.jnrfuse.struct.FuseOperations;

/** Callbacks that create, remove and list names. */
record NameCallbacks(FileSystem files, Callbacks callbacks) {
  void register(FuseOperations table) {
    table.mknod.set((path, mode, device) -> answer("mknod", () -> node(path, mode, device)));
    table.mkdir.set((path, mode) -> answer("mkdir", () -> directory(path, mode)));
    table.rmdir.set(path -> answer("rmdir", () -> files.removeDirectory(path(path))));
    table.unlink.set(path -> answer("unlink", () -> unlink(path(path))));
    table.symlink.set((target, path) -> answer("symlink", () -> symlink(target, path)));
    table.readlink.set((path, into, size) -> answer("readlink", () -> target(path, into, size)));
    table.rename.set((from, to) -> answer("rename", () -> rename(path(from), path(to))));
    table.link.set((from, to) -> answer("link", () -> files.link(path(from), path(to))));
    table.opendir.set((path, info) -> answer("opendir", () -> open(path, OpenFileInfo.at(info))));
    table.readdir.set(
        (path, buffer, filler, offset, info) ->
            answer("readdir", () -> list(OpenFileInfo.at(info), buffer, filler, offset)));
    table.fsyncdir.set(
        (path, info) ->
            answer("fsyncdir", () -> files.sync(OpenFileInfo.at(info).handle(), false)));
    table.releasedir.set(
        (path, info) -> answer("releasedir", () -> files.release(OpenFileInfo.at(info).handle())));
  }

  private int answer(String operation, IntSupplier call) {
    return callbacks.answer(operation, call);
  }

  private int node(String path, long mode, long device) {
    return files.makeNode(path(path), (int) mode, device, callbacks.caller());
  }

  private int directory(String path, long mode) {
    return files.makeDirectory(path(path), (int) mode, callbacks.caller());
  }

  private int symlink(String target, String path) {
    // The check of the path holds for the target too: it is text in the history.
    byte[] text = path("/" + target).getBytes(StandardCharsets.UTF_8);
    return files.symlink(text, path(path), callbacks.caller());
  }

  private int target(String path, Pointer into, long size) {
    MemorySegment memory = memory(into, size);
    int length = files.readLink(path(path), memory, size - 1);
    if (length < 0) {
      return length;
    }
    memory.set(JAVA_BYTE, length, (byte) 0);
    return 0;
  }

  private int unlink(String path) {
    return callbacks.hidden().forget(path) ? 0 : files.unlink(path);
  }

  private int rename(String from, String to) {
    return HiddenFiles.isHidden(to) ? callbacks.hidden().hide(from, to) : files.rename(from, to);
  }

  private int open(String path, OpenFileInfo info) {
    long handle = files.openDirectory(path(path));
    if (handle < 0) {
      return (int) handle;
    }
    info.handle(handle);
    return 0;
  }

  private int list(OpenFileInfo info, Pointer buffer, Pointer function, long offset) {
    try (DirectoryFiller filler = new DirectoryFiller(buffer, function)) {
      return files.readDirectory(info.handle(), offset, DirectoryFiller.PIECE, filler);
    }
  }
}
