package dev.concert.chronicle.fuse;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import java.io.IOException;
import java.sql.SQLException;

/** What a process is told of a failure: the kernel's own reason where there is one, else EIO. */
final class FailureErrno {
  private static final int SQLITE_FULL = 13;

  private FailureErrno() {}

  /** Positive error number. */
  static int of(Throwable failure) {
    return switch (failure) {
      case null -> Errno.EIO;
      case PosixException refused -> refused.errno();
      case SQLException database when database.getErrorCode() == SQLITE_FULL -> Errno.ENOSPC;
      case IOException io when says(io, "No space left on device") -> Errno.ENOSPC;
      case IOException io when says(io, "Disk quota exceeded") -> Errno.EDQUOT;
      case IOException io when says(io, "Read-only file system") -> Errno.EROFS;
      default -> of(failure.getCause());
    };
  }

  /** The JDK gives the kernel's reason as text only. */
  private static boolean says(IOException failure, String reason) {
    return failure.getMessage() != null && failure.getMessage().contains(reason);
  }
}
