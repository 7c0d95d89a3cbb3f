package dev.concert.chronicle.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.posix.FileStatus;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A file that is read after it was recorded.
 *
 * @param opens until then it cannot be read
 */
record LargeFile(long inode, byte[] bytes, CountDownLatch opens)
    implements LastingContent, LastingContent.Kept {

  /** Can be read at once. */
  LargeFile(long inode, byte[] bytes) {
    this(inode, bytes, new CountDownLatch(0));
  }

  @Override
  public int read(byte[] into, long position) {
    try {
      assertThat(opens.await(3, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Content.of(bytes).read(into, position);
  }

  @Override
  public FileStatus status() {
    return new FileStatus(0100644, 1, 0, 0, inode, bytes.length, bytes.length, 5, 0);
  }

  @Override
  public Kept keep() {
    return this;
  }

  @Override
  public void close() {}
}
