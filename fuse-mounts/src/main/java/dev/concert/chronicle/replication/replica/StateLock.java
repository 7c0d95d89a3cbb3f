package dev.concert.chronicle.replication.replica;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a second replica from using the same folder; gone with the process. */
final class StateLock implements AutoCloseable {
  private final FileChannel file;

  private StateLock(FileChannel file) {
    this.file = file;
  }

  /**
   * @throws IllegalStateException where another replica has the folder
   */
  static StateLock take(Path folder) {
    try {
      Files.createDirectories(folder);
      FileChannel file =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        FileLock lock = file.tryLock();
        if (lock != null) {
          return new StateLock(file);
        }
      } catch (OverlappingFileLockException sameProcess) {
        // Said below.
      }
      file.close();
      throw new IllegalStateException("Another replica uses " + folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open the replica's folder", e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close the replica's folder", e);
    }
  }
}
