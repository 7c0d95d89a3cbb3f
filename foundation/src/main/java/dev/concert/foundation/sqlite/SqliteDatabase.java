package dev.concert.foundation.sqlite;

import dev.concert.foundation.files.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One SQLite file with one connection.
 *
 * <p>Write-ahead log with {@code synchronous=NORMAL}: a committed change survives the death of the
 * process at any moment; a power failure may lose the last commits, but never damages the file.
 *
 * <p>Thread-safe: one caller at a time uses the connection, the others wait. Every method blocks,
 * so none may be called on an event loop.
 */
public final class SqliteDatabase implements AutoCloseable {
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
   * Opens the file, creates it and its folder if needed, and brings it to the newest schema.
   *
   * @param migrations see {@link Migrations#apply}
   */
  public static SqliteDatabase open(Path file, List<String> migrations) {
    try {
      PrivateFiles.createDirectories(file.toAbsolutePath().getParent());
      PrivateFiles.create(file);
      Connection connection = SqliteConnections.open(file);
      try {
        Migrations.apply(connection, migrations);
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
   * The same for a file that is written all the time: a second connection checkpoints its
   * write-ahead log, so that no commit waits for that. Where {@link Checkpointer#isElsewhere}, the
   * program that copies the log does it.
   */
  public static SqliteDatabase openBusy(Path file, List<String> migrations) {
    SqliteDatabase plain = open(file, migrations);
    try (Statement statement = plain.connection.createStatement()) {
      statement.execute("PRAGMA wal_autocheckpoint = " + Checkpointer.MAX_PAGES);
      return new SqliteDatabase(
          file,
          plain.connection,
          Checkpointer.isElsewhere()
              ? Optional.empty()
              : Optional.of(Checkpointer.start(file, SqliteConnections.open(file))));
    } catch (SQLException e) {
      plain.close();
      throw new SqliteException("Cannot open the database", file, e);
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
      return SqliteTransaction.run(connection, work);
    } catch (SQLException e) {
      throw new SqliteException("Cannot write the database", file, e);
    } finally {
      lock.unlock();
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
