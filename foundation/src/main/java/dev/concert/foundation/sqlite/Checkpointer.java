package dev.concert.foundation.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the write-ahead log of a database that is written all the time over into its file, on a
 * thread and a connection of its own: SQLite would do it within a commit, and every commit that
 * waits meanwhile would feel the disk's {@code fsync}.
 *
 * <p>It never makes a writer wait ({@code wal_checkpoint(PASSIVE)}). The log begins anew when a
 * writer finds all of it carried over; should that not come to be by itself, the writer does the
 * rest when the log has {@link #MAX_PAGES} pages.
 */
public final class Checkpointer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

  /**
   * The system property that says {@code elsewhere} where another program copies write-ahead logs,
   * as Litestream does. It checkpoints itself: a checkpoint of ours, in the moment in which it
   * checks its copy, would make it copy the whole database again.
   */
  public static final String PROPERTY = "concert.sqlite.checkpoints";

  /** Pages of 4 KiB after which a commit carries over by itself: 64 MiB. */
  static final int MAX_PAGES = 16_384;

  private static final long WORTH_IT_BYTES = 2L << 20;
  private static final long PAUSE_MS = 500;

  private final Path log;
  private final Connection connection;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private long carried;

  private Checkpointer(Path file, Connection connection) {
    this.log = file.resolveSibling(file.getFileName() + "-wal");
    this.connection = connection;
    this.thread =
        Thread.ofPlatform().daemon().name("checkpointer-" + file.getFileName()).start(this::run);
  }

  /**
   * @param connection one of its own to the file, which it closes
   */
  static Checkpointer start(Path file, Connection connection) {
    return new Checkpointer(file, connection);
  }

  static boolean isElsewhere() {
    return "elsewhere".equals(System.getProperty(PROPERTY));
  }

  private void run() {
    try (connection) {
      while (!closing.await(PAUSE_MS, TimeUnit.MILLISECONDS)) {
        checkpointWhereWorthIt();
      }
    } catch (SQLException | IOException e) {
      LOG.warn("{} is no longer carried over beside its writer, which does it itself", log, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void checkpointWhereWorthIt() throws SQLException, IOException {
    long written = Files.exists(log) ? Files.getLastModifiedTime(log).toMillis() : 0;
    if (written == carried || Files.size(log) < WORTH_IT_BYTES) {
      return;
    }
    carried = written;
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
    }
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
