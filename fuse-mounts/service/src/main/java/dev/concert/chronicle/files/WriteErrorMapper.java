package dev.concert.chronicle.files;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;

/** Says to people why a file of a live workspace could not be written. */
public final class WriteErrorMapper {
  private WriteErrorMapper() {}

  /** The failure as it is to be thrown. */
  public static RuntimeException of(String path, PosixException refused) {
    return switch (refused.errno()) {
      case Errno.ENOSPC, Errno.EDQUOT ->
          new ConcertException(
              ErrorCode.WORKSPACE_FULL,
              "The workspace is full: delete files, or raise its quota (`resources.workspace`).",
              refused);
      case Errno.EROFS ->
          new ConcertException(
              ErrorCode.WORKSPACE_READ_ONLY,
              "The disk of the workspace can only be read at present.",
              refused);
      case Errno.ENOTDIR,
          Errno.EISDIR,
          Errno.ELOOP,
          Errno.EXDEV,
          Errno.ENAMETOOLONG,
          Errno.EPERM,
          Errno.EACCES ->
          new ConcertException(
              ErrorCode.PATH_INVALID,
              "There cannot be a file at %s: something else is in the way.".formatted(path),
              refused);
      case Errno.ECANCELED -> VersionChecks.changed(refused);
      default -> refused;
    };
  }
}
