package dev.concert.chronicle.posix;

/** Flags of {@code open}; those of them that differ between processors are taken from a table. */
public final class OpenFlags {
  private static final boolean ARM = "aarch64".equals(System.getProperty("os.arch"));

  public static final int READ_ONLY = 0;
  public static final int WRITE_ONLY = 1;
  public static final int READ_WRITE = 2;
  public static final int CREATE = 0100;
  public static final int EXCLUSIVE = 0200;
  public static final int TRUNCATE = 01000;
  public static final int APPEND = 02000;
  public static final int CLOSE_ON_EXEC = 02000000;
  public static final int PATH = 010000000;
  public static final int DIRECTORY = ARM ? 040000 : 0200000;
  public static final int NO_FOLLOW = ARM ? 0100000 : 0400000;
  public static final int DIRECT = ARM ? 0200000 : 040000;
  private static final int ACCESS_MODE = 3;

  private OpenFlags() {}

  public static boolean writes(int flags) {
    return (flags & ACCESS_MODE) != READ_ONLY;
  }

  public static boolean has(int flags, int flag) {
    return (flags & flag) != 0;
  }

  /** The same flags with another access mode. */
  public static int withAccess(int flags, int access) {
    return flags & ~ACCESS_MODE | access;
  }
}
