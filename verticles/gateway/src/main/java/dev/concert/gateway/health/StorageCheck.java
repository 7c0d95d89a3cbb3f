package dev.concert.gateway.health;

import dev.concert.foundation.files.PrivateFiles;
import dev.concert.gateway.eventlog.EventJournal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Tries whether events can be stored: writes a small file to the disk, and has the event journal
 * finish what is queued.
 */
final class StorageCheck {
  private static final int PAGE = 4096;

  private final Vertx vertx;
  private final Path file;
  private final EventJournal journal;

  /**
   * @param data folder of the databases
   */
  StorageCheck(Vertx vertx, Path data, EventJournal journal) {
    this.vertx = vertx;
    this.file = data.resolve("storage-check");
    this.journal = journal;
  }

  /** Fails with a reason that names no path. */
  Future<Void> run() {
    return vertx
        .executeBlocking(
            () -> {
              write();
              return null;
            },
            false)
        .recover(failure -> unavailable("the data folder cannot be written", failure))
        .compose(
            _ ->
                journal
                    .flushed()
                    .recover(
                        failure -> unavailable("the event journal cannot be written", failure)));
  }

  private void write() throws IOException {
    try (FileChannel channel =
        PrivateFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(PAGE), 0);
      channel.force(false);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static <T> Future<T> unavailable(String reason, Throwable cause) {
    return Future.failedFuture(new IllegalStateException(reason, cause));
  }
}
