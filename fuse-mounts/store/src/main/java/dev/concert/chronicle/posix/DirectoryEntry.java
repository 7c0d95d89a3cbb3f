package dev.concert.chronicle.posix;

import java.lang.foreign.MemorySegment;

/** Takes the entries of a directory while it is read. */
@FunctionalInterface
public interface DirectoryEntry {
  /**
   * @param name C string that fills its segment, valid during the call; {@code .} and {@code ..}
   *     are among them
   * @param type value of {@code d_type}
   * @param next where reading goes on after this entry
   * @return false to stop; this entry is not taken then
   */
  boolean accept(MemorySegment name, long inode, int type, long next);
}
