package dev.concert.chronicle.recording.changelog;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileCalls;
import dev.concert.chronicle.posix.OpenDirectory;
import dev.concert.chronicle.posix.OpenFlags;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Room on the disk behind the end of a file, so that what is small can be written on a full disk: a
 * file can be deleted only if that can be logged. Where the system cannot allocate, there is none.
 */
final class ReservedSpace implements AutoCloseable {
  private static final boolean ALLOCATES = "Linux".equals(System.getProperty("os.name"));
  private static final int KEEP_SIZE = 1;
  private static final long STEP = 256 << 10;

  /** Left to what is small. */
  private static final long SMALL = 128 << 10;

  private final int descriptor;
  private long allocated;

  private ReservedSpace(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Of a file that is there. */
  static ReservedSpace of(Path file) {
    if (!ALLOCATES) {
      return new ReservedSpace(-1);
    }
    try (OpenDirectory folder = OpenDirectory.open(file.getParent())) {
      return new ReservedSpace(
          folder.openFile(file.getFileName().toString(), OpenFlags.READ_WRITE, 0));
    }
  }

  /**
   * Has to be called before the file grows to a size.
   *
   * @throws IOException when what is small must not be used up by this
   */
  void grow(long size, boolean small) throws IOException {
    if (descriptor < 0 || size + SMALL <= allocated) {
      return;
    }
    int result = FileCalls.allocate(descriptor, KEEP_SIZE, 0, size + STEP);
    if (result == 0) {
      allocated = size + STEP;
    } else if (!small && (result == -Errno.ENOSPC || result == -Errno.EDQUOT)) {
      throw new IOException("No space left on device");
    }
  }

  @Override
  public void close() {
    if (descriptor >= 0) {
      FileCalls.close(descriptor);
    }
  }
}
