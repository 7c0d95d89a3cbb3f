package dev.concert.ensemble.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a file to one process, which the system sees to, however the process ends. */
final class FileLease implements AutoCloseable {
  private final FileChannel channel;

  private FileLease(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws IllegalStateException when somebody has it
   */
  static FileLease take(Path file) {
    Path beside = file.resolveSibling(file.getFileName() + ".lock");
    try {
      Files.createDirectories(beside.toAbsolutePath().getParent());
      FileChannel channel =
          FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (locked(channel)) {
        return new FileLease(channel);
      }
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("The ledger cannot be locked", e);
    }
    throw new IllegalStateException(
        "Another Ensemble has the ledger '%s'; each needs one of its own (ensemble.ledgerFile)."
            .formatted(file));
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException inThisProcess) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("The ledger's lock cannot be given back", e);
    }
  }
}
