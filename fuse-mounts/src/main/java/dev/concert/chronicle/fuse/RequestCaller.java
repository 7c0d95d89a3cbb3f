package dev.concert.chronicle.fuse;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.concert.chronicle.tree.Caller;
import java.lang.foreign.MemorySegment;

/** The process whose request this thread serves. */
final class RequestCaller implements Caller {
  private static final long USER = 8;
  private static final long GROUP = 12;
  private static final long SIZE = 16;

  private final MemorySegment context = LibFuse.context().reinterpret(SIZE);

  @Override
  public int user() {
    return context.get(JAVA_INT, USER);
  }

  @Override
  public int group() {
    return context.get(JAVA_INT, GROUP);
  }
}
