package dev.concert.chronicle.jnr;

import dev.concert.chronicle.binding.MountTable;
import java.nio.file.Path;

/**
 * The command line of libfuse's main function.
 *
 * <p>One thread serves a mount ({@code -s}): libfuse's own threads are no Java threads, so jnr
 * attaches each of them anew for every callback, which costs more than the callback (ADR 17 has the
 * figures). Names and attributes stay in the kernel for a second, because each hard link of a file
 * is a file of its own there, which does not learn what happens by the other names.
 */
final class LibfuseOptions {
  private static final String OPTIONS =
      "fsname="
          + MountTable.SOURCE
          + ",subtype="
          + MountTable.SUBTYPE
          + ",big_writes,max_write=131072,max_read=131072"
          + ",attr_timeout=1,entry_timeout=1,negative_timeout=0"
          + ",default_permissions,use_ino";

  private LibfuseOptions() {}

  /**
   * @param root only root may let other users in
   */
  static String[] arguments(Path mountPoint, boolean root) {
    return new String[] {
      MountTable.SUBTYPE,
      "-f",
      "-s",
      "-o",
      root ? OPTIONS + ",allow_other" : OPTIONS,
      mountPoint.toString()
    };
  }
}
