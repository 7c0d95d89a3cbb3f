package dev.concert.chronicle.fuse;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.tree.FileSystem;
import java.lang.foreign.MemorySegment;
import java.util.function.IntSupplier;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.Struct;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import ru.serce.jnrfuse.struct.FuseOperations;

/**
 * libfuse's table of operations over a filesystem.
 *
 * <p>Every callback answers an errno: a Java exception that left one would reach the process as
 * success. What has no entry here (extended attributes, locks, access, ioctl, poll) the kernel does
 * itself or refuses: with extended attributes every single write would first ask for one.
 */
final class Callbacks {
  private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);
  private static final long FLAGS = 38L * Long.BYTES;
  private static final int NULL_PATH_OK = 1;
  private static final int UTIME_OMIT_OK = 1 << 2;
  private static final char UNDECODABLE = '\uFFFD';

  private final FileSystem files;
  private final FuseOperations operations;
  private final Pointer memory;
  private volatile boolean stopped;

  Callbacks(FileSystem files) {
    this.files = files;
    Runtime runtime = Runtime.getSystemRuntime();
    operations = new FuseOperations(runtime);
    memory = runtime.getMemoryManager().allocateDirect(Struct.size(operations), true);
    operations.useMemory(memory);
    names();
    attributes();
    contents();
    memory.putInt(FLAGS, NULL_PATH_OK | UTIME_OMIT_OK);
  }

  /** The {@code struct fuse_operations}; valid as long as this object is. */
  MemorySegment table() {
    return MemorySegment.ofAddress(memory.address());
  }

  long tableSize() {
    return Struct.size(operations);
  }

  /** From now on every call is refused with {@code ENODEV}. */
  void stop() {
    stopped = true;
  }

  private void names() {
    operations.mknod.set(
        (path, mode, device) ->
            answer(
                "mknod",
                () -> files.makeNode(name(path), (int) mode, device, new RequestCaller())));
    operations.mkdir.set(
        (path, mode) ->
            answer(
                "mkdir", () -> files.makeDirectory(name(path), (int) mode, new RequestCaller())));
    operations.rmdir.set(path -> answer("rmdir", () -> files.removeDirectory(name(path))));
    operations.unlink.set(path -> answer("unlink", () -> files.unlink(name(path))));
    operations.symlink.set(
        (target, path) ->
            answer("symlink", () -> files.symlink(target, name(path), new RequestCaller())));
    operations.readlink.set(
        (path, buffer, size) -> answer("readlink", () -> readLink(path, buffer, size)));
    operations.rename.set((from, to) -> answer("rename", () -> files.rename(name(from), name(to))));
    operations.link.set(
        (existing, path) -> answer("link", () -> files.link(name(existing), name(path))));
    operations.readdir.set(
        (path, buffer, filler, offset, info) ->
            answer("readdir", () -> list(path, buffer, filler)));
  }

  private void attributes() {
    operations.getattr.set(
        (path, status) -> answer("getattr", () -> files.status(name(path), segment(status))));
    operations.fgetattr.set(
        (path, status, info) ->
            answer(
                "fgetattr", () -> files.statusOfOpen(FileInfo.at(info).handle(), segment(status))));
    operations.statfs.set(
        (path, status) -> answer("statfs", () -> files.fileSystemStatus(segment(status))));
    operations.chmod.set(
        (path, mode) -> answer("chmod", () -> files.changeMode(name(path), (int) mode)));
    operations.chown.set(
        (path, user, group) ->
            answer("chown", () -> files.changeOwner(name(path), (int) user, (int) group)));
    operations.utimens.set(
        (path, times) -> answer("utimens", () -> files.changeTimes(name(path), segment(times))));
  }

  private void contents() {
    operations.create.set((path, mode, info) -> answer("create", () -> create(path, mode, info)));
    operations.open.set((path, info) -> answer("open", () -> open(path, info)));
    operations.read.set(
        (path, buffer, size, offset, info) ->
            answer(
                "read",
                () -> files.read(FileInfo.at(info).handle(), segment(buffer), size, offset)));
    operations.write.set(
        (path, buffer, size, offset, info) ->
            answer(
                "write",
                () -> files.write(FileInfo.at(info).handle(), segment(buffer), size, offset)));
    operations.truncate.set(
        (path, size) -> answer("truncate", () -> files.truncate(name(path), size)));
    operations.ftruncate.set(
        (path, size, info) ->
            answer("ftruncate", () -> files.truncateOpen(FileInfo.at(info).handle(), size)));
    operations.fallocate.set(
        (path, mode, offset, length, info) ->
            answer(
                "fallocate",
                () -> files.allocate(FileInfo.at(info).handle(), mode, offset, length)));
    operations.flush.set(
        (path, info) ->
            answer("flush", () -> files.flush(nameOrNone(path), FileInfo.at(info).handle())));
    operations.fsync.set(
        (path, dataOnly, info) ->
            answer(
                "fsync",
                () -> files.sync(nameOrNone(path), FileInfo.at(info).handle(), dataOnly != 0)));
    operations.release.set(
        (path, info) ->
            answer("release", () -> files.release(nameOrNone(path), FileInfo.at(info).handle())));
  }

  private int create(String path, long mode, Pointer info) {
    FileInfo file = FileInfo.at(info);
    return opened(file, files.create(name(path), file.flags(), (int) mode, new RequestCaller()));
  }

  private int open(String path, Pointer info) {
    FileInfo file = FileInfo.at(info);
    int result = opened(file, files.open(name(path), file.flags()));
    if (result == 0 && files.readsDirectly(file.handle())) {
      file.directIo();
    } else if (result == 0 && files.keepsPages(file.handle())) {
      file.keepCache();
    }
    return result;
  }

  private static int opened(FileInfo file, long handle) {
    if (handle < 0) {
      return (int) handle;
    }
    file.handle(handle);
    return 0;
  }

  private int readLink(String path, Pointer buffer, long size) {
    int length = files.readLink(name(path), segment(buffer), size - 1);
    if (length < 0) {
      return length;
    }
    buffer.putByte(length, (byte) 0);
    return 0;
  }

  private int list(String path, Pointer buffer, Pointer function) {
    try (DirectoryFiller filler = new DirectoryFiller(buffer, function)) {
      return files.list(name(path), filler);
    }
  }

  private static MemorySegment segment(Pointer pointer) {
    return MemorySegment.ofAddress(pointer.address());
  }

  /** libfuse's path begins with a slash, ours does not. */
  private static String name(String path) {
    if (path.indexOf(UNDECODABLE) >= 0) {
      throw new PosixException(Errno.EILSEQ, "name that is not UTF-8");
    }
    return path.substring(1);
  }

  /** An open file that was unlinked has no path. */
  private static String nameOrNone(String path) {
    return path == null ? "" : name(path);
  }

  private int answer(String operation, IntSupplier call) {
    if (stopped) {
      return -Errno.ENODEV;
    }
    try {
      return call.getAsInt();
    } catch (PosixException refused) {
      return -refused.errno();
    } catch (Throwable failure) {
      LOG.error("Filesystem operation {} failed", operation, failure);
      return -FailureErrno.of(failure);
    }
  }
}
