package dev.concert.platform;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The data folder, held by one process at a time: the operating system lets go of the lock when the
 * process dies, however it dies.
 */
public final class DataFolder implements AutoCloseable {
  private final FileChannel channel;

  private DataFolder(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Makes the folder where it is missing, and takes it.
   *
   * @throws PlatformException when it cannot be written, or another process has it
   */
  static DataFolder take(Path folder) {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("concert.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new PlatformException(
            "The data folder %s is used by another Concert; stop that one, or choose another folder with --data."
                .formatted(folder));
      }
      return new DataFolder(channel);
    } catch (IOException e) {
      throw new PlatformException(
          "The data folder %s cannot be written (%s); choose another one with --data."
              .formatted(folder, reason(e)));
    }
  }

  private static String reason(IOException failure) {
    return switch (failure) {
      case FileAlreadyExistsException _ -> "something else than a folder is there";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException known when known.getReason() != null -> known.getReason();
      default -> "it cannot be made";
    };
  }

  /** Whether {@link #take} would succeed now. */
  public static boolean isFree(Path folder) {
    try (DataFolder taken = take(folder)) {
      return taken != null;
    } catch (PlatformException e) {
      return false;
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new PlatformException("The data folder's lock could not be given back", e);
    }
  }
}
