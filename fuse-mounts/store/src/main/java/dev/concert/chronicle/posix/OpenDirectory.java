package dev.concert.chronicle.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An open directory; all paths are relative to it, and the directory itself is {@code "."}.
 *
 * <p>The last part of a path is never followed where it is a symlink. Thread-safe.
 */
public final class OpenDirectory implements AutoCloseable {
  /** {@code RENAME_NOREPLACE}. */
  public static final int NO_REPLACE = 1;

  /** {@code RENAME_EXCHANGE}. */
  public static final int EXCHANGE = 2;

  private static final int NO_FOLLOW = 0x100;
  private static final int EMPTY_PATH = 0x1000;
  private static final int REMOVE_DIRECTORY = 0x200;
  private static final int ALL_STATS = 0xfff;

  /** How often a name is looked up while others replace its file. */
  private static final int STALE_TRIES = 100;

  private static final int CURRENT_DIRECTORY = -100;
  private static final MethodHandle OPENAT =
      LibC.bindVariadic("openat", 3, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle FSTATAT =
      LibC.bind("fstatat", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle STATX =
      LibC.bind("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle MKDIRAT =
      LibC.bind("mkdirat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle MKNODAT =
      LibC.bind("mknodat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG);
  private static final MethodHandle UNLINKAT =
      LibC.bind("unlinkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle RENAMEAT =
      LibC.bind("renameat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  private static final MethodHandle RENAMEAT2 =
      LibC.bind("renameat2", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle LINKAT =
      LibC.bind("linkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SYMLINKAT =
      LibC.bind("symlinkat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  private static final MethodHandle READLINKAT =
      LibC.bind("readlinkat", JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle FCHMODAT =
      LibC.bind("fchmodat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle FCHOWNAT =
      LibC.bind("fchownat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle UTIMENSAT =
      LibC.bind("utimensat", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);

  private final int fd;

  private OpenDirectory(int fd) {
    this.fd = fd;
  }

  /** Opens a directory of the host. */
  public static OpenDirectory open(Path path) {
    CallMemory scratch = CallMemory.current();
    int flags = OpenFlags.DIRECTORY | OpenFlags.CLOSE_ON_EXEC;
    try {
      int fd =
          scratch.result(
              (int)
                  OPENAT.invokeExact(
                      scratch.state, CURRENT_DIRECTORY, scratch.first(path.toString()), flags, 0));
      return new OpenDirectory(PosixException.check(fd, "open of " + path));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /**
   * Opens a directory in this one by its name, which is no symlink.
   *
   * @throws PosixException with {@link Errno#ENOTDIR} or {@link Errno#ELOOP} where it is something
   *     else
   */
  public OpenDirectory child(String name) {
    int fd = openFile(name, OpenFlags.DIRECTORY, 0);
    return new OpenDirectory(PosixException.check(fd, "open of a directory"));
  }

  /** Number of the descriptor; valid until {@link #close}. */
  public int descriptor() {
    return fd;
  }

  public int openFile(String path, int flags, int mode) {
    CallMemory scratch = CallMemory.current();
    int safe = flags | OpenFlags.NO_FOLLOW | OpenFlags.CLOSE_ON_EXEC;
    try {
      return scratch.result(
          (int) OPENAT.invokeExact(scratch.state, fd, scratch.first(path), safe, mode));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /** Fills a {@code struct stat} of this processor. */
  public int status(String path, MemorySegment into) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result(
          (int) FSTATAT.invokeExact(scratch.state, fd, scratch.first(path), into, NO_FOLLOW));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /**
   * Fills a {@code struct stat} for a name in the directory behind an open descriptor.
   *
   * @param name C string
   */
  public static int statusIn(int descriptor, MemorySegment name, MemorySegment into) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result(
          (int) FSTATAT.invokeExact(scratch.state, descriptor, name, into, NO_FOLLOW));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /** Empty where there is no such file. */
  public Optional<FileStatus> status(String path) {
    return statusIn(fd, path);
  }

  /** Of a name in the directory behind an open descriptor. */
  public static Optional<FileStatus> statusIn(int descriptor, String path) {
    CallMemory scratch = CallMemory.current();
    int result = statx(descriptor, path, NO_FOLLOW);
    for (int tries = 1; result == -Errno.ESTALE && tries < STALE_TRIES; tries++) {
      // A mount found the file that had this name; another one has it by now.
      result = statx(descriptor, path, NO_FOLLOW);
    }
    if (result == -Errno.ENOENT || result == -Errno.ENOTDIR) {
      return Optional.empty();
    }
    PosixException.check(result, "statx");
    return Optional.of(FileStatus.of(scratch.status));
  }

  /** Of an open file, also of one that has no name any more. */
  public static FileStatus statusOf(int descriptor) {
    PosixException.check(statx(descriptor, "", EMPTY_PATH), "statx");
    return FileStatus.of(CallMemory.current().status);
  }

  private static int statx(int descriptor, String path, int flags) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result(
          (int)
              STATX.invokeExact(
                  scratch.state,
                  descriptor,
                  scratch.first(path),
                  flags,
                  ALL_STATS,
                  scratch.status));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  public int makeDirectory(String path, int mode) {
    return withInt(MKDIRAT, path, mode);
  }

  public int makeNode(String path, int mode, long device) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result(
          (int) MKNODAT.invokeExact(scratch.state, fd, scratch.first(path), mode, device));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  public int unlink(String path) {
    return withInt(UNLINKAT, path, 0);
  }

  public int removeDirectory(String path) {
    return withInt(UNLINKAT, path, REMOVE_DIRECTORY);
  }

  private int withInt(MethodHandle call, String path, int argument) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result(
          (int) call.invokeExact(scratch.state, fd, scratch.first(path), argument));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  public int rename(String from, OpenDirectory target, String to) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result(
          (int)
              RENAMEAT.invokeExact(
                  scratch.state, fd, scratch.first(from), target.fd, scratch.second(to)));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /**
   * Renames within this directory.
   *
   * @param flags {@link #NO_REPLACE} or {@link #EXCHANGE}
   */
  public int rename(String from, String to, int flags) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result(
          (int)
              RENAMEAT2.invokeExact(
                  scratch.state, fd, scratch.first(from), fd, scratch.second(to), flags));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  public int link(String existing, OpenDirectory target, String name) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result(
          (int)
              LINKAT.invokeExact(
                  scratch.state, fd, scratch.first(existing), target.fd, scratch.second(name), 0));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  public int symlink(String target, String path) {
    return symlink(target.getBytes(StandardCharsets.UTF_8), path);
  }

  /**
   * @param target bytes that need not be text
   */
  public int symlink(byte[] target, String path) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result(
          (int)
              SYMLINKAT.invokeExact(
                  scratch.state, scratch.first(target), fd, scratch.second(path)));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /** Fills the memory with the target, without a closing NUL; answers with its length. */
  public int readLink(String path, MemorySegment into, long size) {
    CallMemory scratch = CallMemory.current();
    try {
      return (int)
          scratch.result(
              (long) READLINKAT.invokeExact(scratch.state, fd, scratch.first(path), into, size));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /** The target of a symlink, which need not be text. */
  public byte[] readLink(String path) {
    MemorySegment buffer = CallMemory.current().buffer();
    int length = PosixException.check(readLink(path, buffer, buffer.byteSize()), "readlink");
    return buffer.asSlice(0, length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
  }

  public int changeMode(String path, int mode) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result(
          (int) FCHMODAT.invokeExact(scratch.state, fd, scratch.first(path), mode, 0));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /** An id of -1 stays as it is. */
  public int changeOwner(String path, int user, int group) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result(
          (int)
              FCHOWNAT.invokeExact(scratch.state, fd, scratch.first(path), user, group, NO_FOLLOW));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /**
   * @param times two {@code struct timespec}: access, modification
   */
  public int changeTimes(String path, MemorySegment times) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result(
          (int) UTIMENSAT.invokeExact(scratch.state, fd, scratch.first(path), times, NO_FOLLOW));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  @Override
  public void close() {
    FileCalls.close(fd);
  }
}
