package dev.concert.foundation.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Runs work on a connection as one transaction. */
final class SqliteTransaction {
  private SqliteTransaction() {}

  /**
   * Takes the write lock at the start: a transaction that reads first and writes later would fail
   * where another process wrote in between. It sends BEGIN and COMMIT itself: the driver begins the
   * next transaction together with each commit; when that cannot get the lock, the driver reports
   * the committed work as failed, and believes itself inside a transaction from then on.
   */
  static <T> T run(Connection connection, SqlFunction<T> work) throws SQLException {
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
}
