package dev.concert.chronicle.binding;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * Which extended attributes a process may use. Access control lists are refused: the kernel would
 * store them but not enforce them.
 */
public final class VisibleAttributes {
  /** {@code XATTR_LIST_MAX}, in bytes. */
  public static final int LONGEST_LIST = 65_536;

  private static final String ACCESS_CONTROL = "system.posix_acl_";
  private static final String TRUSTED = "trusted.";

  private VisibleAttributes() {}

  /**
   * Returns the name.
   *
   * @throws PosixException with {@link Errno#EOPNOTSUPP} for an access control list
   */
  public static String check(String name) {
    if (name.startsWith(ACCESS_CONTROL)) {
      throw new PosixException(Errno.EOPNOTSUPP, "access control list");
    }
    return name;
  }

  /**
   * Removes the names that only administrators see; this process may be one.
   *
   * @param names each closed by a NUL
   * @return the length of the rest
   */
  public static int withoutTrusted(MemorySegment names) {
    int kept = 0;
    for (long at = 0; at < names.byteSize(); ) {
      String name = names.getString(at);
      long length = name.getBytes(StandardCharsets.UTF_8).length + 1L;
      if (!name.startsWith(TRUSTED)) {
        MemorySegment.copy(names, at, names, kept, length);
        kept += (int) length;
      }
      at += length;
    }
    return kept;
  }
}
