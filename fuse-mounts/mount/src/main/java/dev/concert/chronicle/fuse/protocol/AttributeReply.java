package dev.concert.chronicle.fuse.protocol;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.concert.chronicle.posix.StatBuffer;
import java.lang.foreign.MemorySegment;

/** Writes the attributes of a file, and for how long the kernel may cache them. */
public final class AttributeReply {
  /** Size of {@code struct fuse_entry_out}. */
  public static final int ENTRY = 128;

  /** Size of {@code struct fuse_attr_out}. */
  public static final int ANSWER = 104;

  /** Only the mount changes a tree; what is not steady is not cached. */
  private static final long SECONDS = 3600;

  private AttributeReply() {}

  /** Fills a {@code struct fuse_entry_out}; its generation is 0, as no node is used twice. */
  public static void entry(MemorySegment into, long node, StatBuffer status, boolean steady) {
    into.asSlice(0, 40).fill((byte) 0);
    into.set(JAVA_LONG, 0, node);
    into.set(JAVA_LONG, 16, steady ? SECONDS : 0);
    into.set(JAVA_LONG, 24, steady ? SECONDS : 0);
    attributes(into, 40, status);
  }

  /** The same for a name that leads to nothing. */
  public static void nothing(MemorySegment into) {
    into.asSlice(0, ENTRY).fill((byte) 0);
    into.set(JAVA_LONG, 16, SECONDS);
  }

  /** Fills a {@code struct fuse_attr_out}. */
  public static void answer(MemorySegment into, StatBuffer status, boolean steady) {
    into.set(JAVA_LONG, 0, steady ? SECONDS : 0);
    into.set(JAVA_LONG, 8, 0);
    attributes(into, 16, status);
  }

  /** {@code struct fuse_attr}. */
  private static void attributes(MemorySegment into, long at, StatBuffer status) {
    into.set(JAVA_LONG, at, status.inode());
    into.set(JAVA_LONG, at + 8, status.size());
    into.set(JAVA_LONG, at + 16, status.blocks());
    into.set(JAVA_LONG, at + 24, status.accessed());
    into.set(JAVA_LONG, at + 32, status.modified());
    into.set(JAVA_LONG, at + 40, status.changed());
    into.set(JAVA_INT, at + 48, status.accessedNanos());
    into.set(JAVA_INT, at + 52, status.modifiedNanos());
    into.set(JAVA_INT, at + 56, status.changedNanos());
    into.set(JAVA_INT, at + 60, status.mode());
    into.set(JAVA_INT, at + 64, status.links());
    into.set(JAVA_INT, at + 68, status.owner());
    into.set(JAVA_INT, at + 72, status.group());
    into.set(JAVA_INT, at + 76, status.deviceOfNode());
    into.set(JAVA_INT, at + 80, status.blockSize());
    into.set(JAVA_INT, at + 84, 0);
  }
}
