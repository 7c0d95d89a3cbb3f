package dev.concert.chronicle.workspace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The right to write the change log of a workspace, which one process has; it ends with that. */
final class LogLock implements AutoCloseable {
  private final FileChannel file;

  private LogLock(FileChannel file) {
    this.file = file;
  }

  /** Empty where another has it. */
  static Optional<LogLock> tryLock(Path folder) {
    try {
      FileChannel file =
          FileChannel.open(
              Files.createDirectories(folder).resolve("changes.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      try {
        FileLock lock = file.tryLock();
        if (lock != null) {
          return Optional.of(new LogLock(file));
        }
      } catch (OverlappingFileLockException inThisProcess) {
        // Another object of this process has it.
      }
      file.close();
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot lock the change log", e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot unlock the change log", e);
    }
  }
}
