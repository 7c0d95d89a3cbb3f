package dev.concert.chronicle.posix;

import java.lang.foreign.MemorySegment;

/** Takes the entries of a directory while it is read. */
@FunctionalInterface
public interface DirectoryEntry {
  /**
   * @param name C string, valid during the call; {@code .} and {@code ..} are among them
   * @param type value of {@code d_type}
   * @return false to stop
   */
  boolean accept(MemorySegment name, long inode, int type);
}
