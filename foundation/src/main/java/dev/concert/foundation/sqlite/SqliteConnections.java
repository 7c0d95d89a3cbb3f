package dev.concert.foundation.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/**
 * Opens connections to SQLite files, all with the same settings: write-ahead log, {@code
 * synchronous=NORMAL}, foreign keys, and a wait of 5 s for a lock that another connection holds.
 */
public final class SqliteConnections {
  /** How long a statement waits for the lock of another connection or process. */
  static final int BUSY_MILLIS = 5000;

  private SqliteConnections() {}

  /** A new connection. The caller closes it. Blocking. */
  static Connection open(Path file) throws SQLException {
    DataSource source = source(file);
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BUSY_MILLIS);
    while (true) {
      try {
        return source.getConnection();
      } catch (SQLException e) {
        // SQLite does not wait while another connection turns the same file to WAL.
        if (e.getErrorCode() != SQLiteErrorCode.SQLITE_BUSY.code || System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
    }
  }

  /** A source of new connections, for a pool. It does not open the file yet. */
  public static DataSource source(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setBusyTimeout(BUSY_MILLIS);
    config.enforceForeignKeys(true);
    // Else the driver prepares and runs a SELECT after each INSERT and UPDATE.
    config.setGetGeneratedKeys(false);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }
}
