package dev.concert.chronicle.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** System calls on an open file descriptor. Thread-safe; every call may block. */
public final class FileCalls {
  private static final MethodHandle PREAD =
      LibC.bind("pread", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle PWRITE =
      LibC.bind("pwrite", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle FSTAT = LibC.bind("fstat", JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle FSTATVFS = LibC.bind("fstatvfs", JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle FTRUNCATE =
      LibC.bind("ftruncate", JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle FCHMOD = LibC.bind("fchmod", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle FSYNC = LibC.bind("fsync", JAVA_INT, JAVA_INT);
  private static final MethodHandle FDATASYNC = LibC.bind("fdatasync", JAVA_INT, JAVA_INT);
  private static final MethodHandle FALLOCATE =
      LibC.bind("fallocate", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);

  /** {@code SEEK_SET}. */
  public static final int FROM_START = 0;

  public static final int SEEK_DATA = 3;

  private static final long MOST_COPIED = 1 << 30;
  private static final int DUPLICATE_CLOSE_ON_EXEC = 1030;
  private static final MethodHandle FCNTL =
      LibC.bindVariadic("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle LSEEK =
      LibC.bind("lseek", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle FCHOWN =
      LibC.bind("fchown", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle FUTIMENS = LibC.bind("futimens", JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle COPY_FILE_RANGE =
      LibC.bind(
          "copy_file_range", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle CLOSE = LibC.bind("close", JAVA_INT, JAVA_INT);

  private FileCalls() {}

  /** Reads until the size or the end of the file is reached; answers with the bytes read. */
  public static int read(int fd, MemorySegment into, long size, long offset) {
    return transfer(PREAD, fd, into, size, offset);
  }

  /** Writes all of it, or answers with what could be written before an error. */
  public static int write(int fd, MemorySegment from, long size, long offset) {
    return transfer(PWRITE, fd, from, size, offset);
  }

  private static int transfer(
      MethodHandle call, int fd, MemorySegment memory, long size, long offset) {
    CallMemory scratch = CallMemory.current();
    long done = 0;
    while (done < size) {
      long now;
      try {
        now =
            scratch.result(
                (long)
                    call.invokeExact(
                        scratch.state,
                        fd,
                        MemorySegment.ofAddress(memory.address() + done),
                        size - done,
                        offset + done));
      } catch (Throwable failure) {
        throw LibC.unexpected(failure);
      }
      if (now == -Errno.EINTR) {
        continue;
      }
      if (now <= 0) {
        return (int) (done > 0 || now == 0 ? done : now);
      }
      done += now;
    }
    return (int) done;
  }

  /** Reads into the array; answers with the bytes read, fewer than asked for only at the end. */
  public static int read(int fd, byte[] into, long offset) {
    MemorySegment buffer = CallMemory.current().buffer();
    int done = 0;
    while (done < into.length) {
      int now = read(fd, buffer, Math.min(buffer.byteSize(), into.length - done), offset + done);
      if (now <= 0) {
        return done > 0 ? done : now;
      }
      MemorySegment.copy(buffer, JAVA_BYTE, 0, into, done, now);
      done += now;
    }
    return done;
  }

  /** Fills a {@code struct stat}. */
  public static int status(int fd, MemorySegment into) {
    return onMemory(FSTAT, fd, into);
  }

  /** Fills a {@code struct statvfs}. */
  public static int fileSystemStatus(int fd, MemorySegment into) {
    return onMemory(FSTATVFS, fd, into);
  }

  private static int onMemory(MethodHandle call, int fd, MemorySegment into) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result((int) call.invokeExact(scratch.state, fd, into));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  public static int truncate(int fd, long size) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result((int) FTRUNCATE.invokeExact(scratch.state, fd, size));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  public static int changeMode(int fd, int mode) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result((int) FCHMOD.invokeExact(scratch.state, fd, mode));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /** An id of -1 stays as it is. */
  public static int changeOwner(int fd, int user, int group) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result((int) FCHOWN.invokeExact(scratch.state, fd, user, group));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /**
   * @param times two {@code struct timespec}: access, modification
   */
  public static int changeTimes(int fd, MemorySegment times) {
    return onMemory(FUTIMENS, fd, times);
  }

  /**
   * @param whence as {@code lseek(2)} has it
   * @return the new position
   */
  public static long seek(int fd, long offset, int whence) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result((long) LSEEK.invokeExact(scratch.state, fd, offset, whence));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /** Copies between files without their bytes coming here; answers with how many were copied. */
  public static int copy(int from, long fromOffset, int to, long toOffset, long length) {
    CallMemory scratch = CallMemory.current();
    MemorySegment offsets = scratch.status;
    offsets.setAtIndex(JAVA_LONG, 0, fromOffset);
    offsets.setAtIndex(JAVA_LONG, 1, toOffset);
    try {
      return (int)
          scratch.result(
              (long)
                  COPY_FILE_RANGE.invokeExact(
                      scratch.state,
                      from,
                      offsets,
                      to,
                      offsets.asSlice(Long.BYTES),
                      Math.min(length, MOST_COPIED),
                      0));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  public static int allocate(int fd, int mode, long offset, long length) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result((int) FALLOCATE.invokeExact(scratch.state, fd, mode, offset, length));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /**
   * @param dataOnly leave out what is not needed to read the content again
   */
  public static int sync(int fd, boolean dataOnly) {
    return dataOnly ? onDescriptor(FDATASYNC, fd) : onDescriptor(FSYNC, fd);
  }

  /** Another descriptor of the same open file. */
  public static int duplicate(int fd) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result((int) FCNTL.invokeExact(scratch.state, fd, DUPLICATE_CLOSE_ON_EXEC, 0));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  public static int close(int fd) {
    return onDescriptor(CLOSE, fd);
  }

  static int onDescriptor(MethodHandle call, int fd) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result((int) call.invokeExact(scratch.state, fd));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }
}
