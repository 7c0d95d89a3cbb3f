package dev.concert.chronicle.tree;

import dev.concert.chronicle.posix.FileCalls;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.recording.LastingContent;

/** The content behind a descriptor. */
record DescriptorContent(int descriptor) implements LastingContent {
  @Override
  public int read(byte[] into, long position) {
    return PosixException.check(FileCalls.read(descriptor, into, position), "pread");
  }

  @Override
  public Kept keep() {
    return new Owned(PosixException.check(FileCalls.duplicate(descriptor), "dup"));
  }

  /** By a descriptor that belongs to it. */
  record Owned(int descriptor) implements Kept {
    @Override
    public int read(byte[] into, long position) {
      return new DescriptorContent(descriptor).read(into, position);
    }

    @Override
    public void close() {
      FileCalls.close(descriptor);
    }
  }
}
