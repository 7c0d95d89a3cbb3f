package dev.concert.foundation.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/**
 * One SQLite file with one connection.
 *
 * <p>Write-ahead log with {@code synchronous=NORMAL}: what was committed survives the death of the
 * process at any moment; the death of the machine may cost the last commits, never the file's
 * integrity.
 *
 * <p>Thread-safe: one caller at a time has the connection, the others wait. Every method blocks, so
 * none is called on an event loop.
 */
public final class SqliteDatabase implements AutoCloseable {
  /** So long is a lock waited for that another connection has. */
  private static final int BUSY_MILLIS = 5000;

  private final Path file;
  private final Connection connection;
  private final Optional<Checkpointer> checkpointer;
  private final ReentrantLock lock = new ReentrantLock();

  private SqliteDatabase(Path file, Connection connection, Optional<Checkpointer> checkpointer) {
    this.file = file;
    this.connection = connection;
    this.checkpointer = checkpointer;
  }

  /**
   * Opens the file, making it and its folder where they are missing, and brings it to the newest
   * schema.
   *
   * @param migrations SQL scripts, one for each schema version; those that the file has not seen
   *     are run in order, each in a transaction of its own. A script may hold several statements,
   *     each ended by a semicolon at the end of a line. A script is never changed once released
   */
  public static SqliteDatabase open(Path file, List<String> migrations) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Connection connection = connect(file);
      try {
        migrate(connection, migrations);
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
      return new SqliteDatabase(file, connection, Optional.empty());
    } catch (IOException | SQLException e) {
      throw new SqliteException("Cannot open the database", file, e);
    }
  }

  /**
   * The same for a file that is written all the time: its log is carried over beside the writer, so
   * that no commit waits for it.
   */
  public static SqliteDatabase openBusy(Path file, List<String> migrations) {
    SqliteDatabase plain = open(file, migrations);
    try (Statement statement = plain.connection.createStatement()) {
      statement.execute("PRAGMA wal_autocheckpoint = " + Checkpointer.MAX_PAGES);
      return new SqliteDatabase(
          file, plain.connection, Optional.of(Checkpointer.start(file, connect(file))));
    } catch (SQLException e) {
      plain.close();
      throw new SqliteException("Cannot open the database", file, e);
    }
  }

  private static Connection connect(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setBusyTimeout(BUSY_MILLIS);
    config.enforceForeignKeys(true);
    return connect(config, file);
  }

  /** Tries again where another one makes the same file WAL: SQLite does not wait for that. */
  private static Connection connect(SQLiteConfig config, Path file) throws SQLException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BUSY_MILLIS);
    while (true) {
      try {
        return config.createConnection("jdbc:sqlite:" + file);
      } catch (SQLException e) {
        if (e.getErrorCode() != SQLiteErrorCode.SQLITE_BUSY.code || System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
    }
  }

  private static void migrate(Connection connection, List<String> migrations) throws SQLException {
    int version = schemaVersion(connection);
    if (version > migrations.size()) {
      throw new SQLException(
          "its schema version is %d, this program knows %d; start a newer Concert"
              .formatted(version, migrations.size()));
    }
    for (int next = version; next < migrations.size(); next++) {
      int script = next;
      transact(connection, _ -> migrate(connection, migrations.get(script), script));
    }
  }

  private static int migrate(Connection connection, String script, int number) throws SQLException {
    // Once more within the transaction: another one may open the same file at the same time.
    if (schemaVersion(connection) == number) {
      try (Statement statement = connection.createStatement()) {
        for (String sql : script.split(";\\s*(\\R|$)")) {
          if (!sql.isBlank()) {
            statement.execute(sql);
          }
        }
        statement.execute("PRAGMA user_version = " + (number + 1));
      }
    }
    return number + 1;
  }

  private static int schemaVersion(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA user_version")) {
      return row.getInt(1);
    }
  }

  /** Runs queries. */
  public <T> T read(SqlFunction<T> work) {
    lock.lock();
    try {
      return work.apply(connection);
    } catch (SQLException e) {
      throw new SqliteException("Cannot read the database", file, e);
    } finally {
      lock.unlock();
    }
  }

  /** Runs changes as one transaction: all of them are durable when this returns, or none. */
  public <T> T write(SqlFunction<T> work) {
    lock.lock();
    try {
      return transact(connection, work);
    } catch (SQLException e) {
      throw new SqliteException("Cannot write the database", file, e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the lock at its begin, because a transaction that reads first and writes later would fail
   * where another process wrote meanwhile. Says BEGIN and COMMIT itself: the driver begins the next
   * transaction together with each commit, and where that cannot get the lock it reports what was
   * committed as failed, and takes the connection for one in a transaction from then on.
   */
  private static <T> T transact(Connection connection, SqlFunction<T> work) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      try {
        T result = work.apply(connection);
        statement.execute("COMMIT");
        return result;
      } catch (SQLException | RuntimeException | Error e) {
        rollBack(statement, e);
        throw e;
      }
    }
  }

  private static void rollBack(Statement statement, Throwable why) {
    try {
      statement.execute("ROLLBACK");
    } catch (SQLException alreadyRolledBack) {
      // SQLite does so by itself when the disk is full or fails.
      why.addSuppressed(alreadyRolledBack);
    }
  }

  @Override
  public void close() {
    checkpointer.ifPresent(Checkpointer::close);
    lock.lock();
    try {
      connection.close();
    } catch (SQLException e) {
      throw new SqliteException("Cannot close the database", file, e);
    } finally {
      lock.unlock();
    }
  }
}
