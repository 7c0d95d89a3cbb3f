package dev.concert.platform.project;

import dev.concert.chronicle.posix.FileStatus;

/**
 * What a file looked like. Another content has another signature, unless it came within a moment.
 *
 * @param modified nanoseconds since 1970
 */
record FileSignature(long size, long modified, long inode, boolean executable) {
  /** Of no file. */
  static final FileSignature UNKNOWN = new FileSignature(-1, -1, -1, false);

  private static final int OWNER_MAY_RUN = 0100;

  static FileSignature of(FileStatus file) {
    return new FileSignature(
        file.size(), file.modifiedNanos(), file.inode(), mayRun(file.permissions()));
  }

  static boolean mayRun(int mode) {
    return (mode & OWNER_MAY_RUN) != 0;
  }

  /** Whether it was changed at least this many milliseconds after 1970. */
  boolean isSince(long millis) {
    return modified / 1_000_000 >= millis;
  }
}
