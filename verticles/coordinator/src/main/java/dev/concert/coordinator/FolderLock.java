package dev.concert.coordinator;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Says that this coordinator uses an instances folder. The kernel lets go of it when the process
 * dies, so whoever has it knows that all the agents it finds there are left over.
 */
record FolderLock(FileLock lock) implements AutoCloseable {

  /**
   * @throws IOException when another coordinator has it
   */
  static FolderLock take(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new FolderLock(lock);
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw inUse(folder, e);
    }
    channel.close();
    throw inUse(folder, null);
  }

  private static IOException inUse(Path folder, Exception cause) {
    return new IOException(
        "The instances folder " + folder + " is used by another coordinator.", cause);
  }

  @Override
  public void close() throws IOException {
    lock.channel().close();
  }
}
