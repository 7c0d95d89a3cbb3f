package dev.concert.chronicle.posix;

/**
 * A system call that failed where its caller cannot go on. Carries no stack trace: the errno and
 * the name of the call say it all, and such failures are ordinary on a filesystem.
 */
public final class PosixException extends RuntimeException {
  private final int errno;

  public PosixException(int errno, String call) {
    super(call + " failed with errno " + errno, null, false, false);
    this.errno = errno;
  }

  /** The result if it is none of an error. */
  public static int check(int result, String call) {
    if (result < 0) {
      throw new PosixException(-result, call);
    }
    return result;
  }

  /** Positive error number, see {@link Errno}. */
  public int errno() {
    return errno;
  }
}
