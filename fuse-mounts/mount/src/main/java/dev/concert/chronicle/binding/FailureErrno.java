package dev.concert.chronicle.binding;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import java.io.IOException;
import java.sql.SQLException;

/** The errno of a failure: the kernel's own one, or else EIO. */
public final class FailureErrno {
  private static final int SQLITE_FULL = 13;

  private FailureErrno() {}

  /** Positive error number. */
  public static int of(Throwable failure) {
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

  /** The JDK reports the kernel's reason as text only. */
  private static boolean says(IOException failure, String reason) {
    return failure.getMessage() != null && failure.getMessage().contains(reason);
  }
}
