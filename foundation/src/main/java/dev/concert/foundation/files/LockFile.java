package dev.concert.foundation.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * A file that one holder at a time has locked, among all processes and within this one.
 *
 * <p>The operating system releases the lock when the process dies, however it dies, so a lock never
 * has to be removed by hand. The file itself stays; its content belongs to the holder. Blocking;
 * thread-safe.
 */
public final class LockFile implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  private LockFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Locks the file without waiting. Creates it and its folder when they are missing.
   *
   * @return empty when another process, or another object of this one, holds it
   * @throws IOException when the file cannot be created or opened
   */
  public static Optional<LockFile> tryLock(Path file) throws IOException {
    PrivateFiles.createDirectories(file.toAbsolutePath().getParent());
    FileChannel channel =
        PrivateFiles.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (isLocked(channel)) {
        return Optional.of(new LockFile(file, channel));
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return Optional.empty();
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException heldInThisProcess) {
      return false;
    }
  }

  /** What the last holder left in the file: at most the first {@code limit} bytes. */
  public byte[] content(int limit) throws IOException {
    ByteBuffer content = ByteBuffer.allocate((int) Math.min(limit, channel.size()));
    while (content.hasRemaining() && channel.read(content, content.position()) >= 0) {
      // A read may return fewer bytes than the buffer takes.
    }
    return Arrays.copyOf(content.array(), content.position());
  }

  /** Replaces the content. Not atomic: a crash may leave a part of it. */
  public void write(byte[] content) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    while (bytes.hasRemaining()) {
      channel.write(bytes, bytes.position());
    }
    channel.truncate(content.length);
  }

  /** Releases the lock. A second call does nothing. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot release the lock " + file, e);
    }
  }
}
