package dev.concert.chronicle.view;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileCalls;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.posix.OpenDirectory;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.recording.LastingContent;

/** The content of an open descriptor. */
public record DescriptorContent(int descriptor) implements LastingContent {
  @Override
  public int read(byte[] into, long position) {
    return PosixException.check(FileCalls.read(descriptor, into, position), "pread");
  }

  @Override
  public long zerosUntil(long position) {
    long data = FileCalls.seek(descriptor, position, FileCalls.SEEK_DATA);
    if (data == -Errno.ENXIO) {
      return Math.max(position, OpenDirectory.statusOf(descriptor).size());
    }
    return Math.max(position, data);
  }

  @Override
  public FileStatus status() {
    return OpenDirectory.statusOf(descriptor);
  }

  @Override
  public Kept keep() {
    return new Owned(PosixException.check(FileCalls.duplicate(descriptor), "dup"));
  }

  /** Content with a descriptor of its own. */
  public record Owned(int descriptor) implements Kept {
    @Override
    public int read(byte[] into, long position) {
      return new DescriptorContent(descriptor).read(into, position);
    }

    @Override
    public long zerosUntil(long position) {
      return new DescriptorContent(descriptor).zerosUntil(position);
    }

    @Override
    public void close() {
      FileCalls.close(descriptor);
    }
  }
}
