package dev.concert.foundation.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Replaces a file as a whole: a crash at any moment leaves the old content or the new one.
 *
 * <p>The new content is written to {@code NAME.next} beside the file and renamed over it. One
 * writer of a file at a time. Blocking.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes the new content. It must not close the stream. */
  @FunctionalInterface
  public interface ContentWriter {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Replaces the content durably: it is on the disk when this returns, also after a power failure.
   *
   * @throws IOException the file has its old content
   */
  public static void replace(Path file, byte[] content) throws IOException {
    write(file, out -> out.write(content), true);
    try (FileChannel folder = FileChannel.open(parent(file), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  /**
   * The same without waiting for the disk, for what can be fetched again: a power failure may lose
   * the file, a crash of the process does not.
   *
   * @throws IOException the file has its old content
   */
  public static void replaceUnsynced(Path file, ContentWriter content) throws IOException {
    write(file, content, false);
  }

  private static void write(Path file, ContentWriter content, boolean sync) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try {
      try (FileChannel channel =
          PrivateFiles.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        content.writeTo(Channels.newOutputStream(channel));
        if (sync) {
          channel.force(true);
        }
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | RuntimeException e) {
      discard(next, e);
      throw e;
    }
  }

  /** A half-written file must not fill a full disk further. */
  private static void discard(Path next, Exception why) {
    try {
      Files.deleteIfExists(next);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  private static Path parent(Path file) {
    return file.toAbsolutePath().getParent();
  }
}
