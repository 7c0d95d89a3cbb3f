package dev.concert.chronicle.fuse.protocol;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.concert.chronicle.posix.DirectoryEntry;
import java.lang.foreign.MemorySegment;

/** Packs directory entries into {@code struct fuse_dirent}s, as many as fit. */
public final class DirectoryEntries implements DirectoryEntry {
  private static final int NAME = 24;
  private static final int ALIGNMENT = 8;

  private final MemorySegment into;
  private int length;

  public DirectoryEntries(MemorySegment into) {
    this.into = into;
  }

  /** Bytes that were filled. */
  public int length() {
    return length;
  }

  @Override
  public boolean accept(MemorySegment name, long inode, int type, long next) {
    int size = size(name);
    if (length + size > into.byteSize()) {
      return false;
    }
    write(into.asSlice(length, size), name, inode, type, next);
    length += size;
    return true;
  }

  /** The size of an entry with that name. */
  public static int size(MemorySegment name) {
    return Math.ceilDiv(NAME + (int) name.byteSize() - 1, ALIGNMENT) * ALIGNMENT;
  }

  public static void write(
      MemorySegment into, MemorySegment name, long inode, int type, long next) {
    long characters = name.byteSize() - 1;
    into.set(JAVA_LONG, 0, inode);
    into.set(JAVA_LONG, 8, next);
    into.set(JAVA_INT, 16, (int) characters);
    into.set(JAVA_INT, 20, type);
    MemorySegment.copy(name, 0, into, NAME, characters);
    into.asSlice(NAME + characters).fill((byte) 0);
  }
}
