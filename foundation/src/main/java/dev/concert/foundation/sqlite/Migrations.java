package dev.concert.foundation.sqlite;

import dev.concert.foundation.files.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Brings database files to the newest schema. The schema version of a file is its {@code
 * user_version}: the number of scripts it has run.
 */
public final class Migrations {
  private Migrations() {}

  /**
   * Migrates a file on its first access; creates it and its folder if needed. Blocking.
   *
   * @param scripts see {@link #apply}
   * @throws SqliteException when the file cannot be opened or migrated
   */
  public static void migrate(Path file, List<String> scripts) {
    try {
      PrivateFiles.createDirectories(file.toAbsolutePath().getParent());
      PrivateFiles.create(file);
      try (Connection connection = SqliteConnections.open(file)) {
        apply(connection, scripts);
      }
    } catch (IOException | SQLException e) {
      throw new SqliteException("Cannot open the database", file, e);
    }
  }

  /**
   * Runs the scripts that the file has not run, in order, each in a transaction of its own.
   *
   * @param scripts one for each schema version. A script may hold several statements, each ended by
   *     a semicolon at the end of a line. A released script never changes
   * @throws SQLException also when a newer program has written the file
   */
  static void apply(Connection connection, List<String> scripts) throws SQLException {
    int version = schemaVersion(connection);
    if (version > scripts.size()) {
      throw new SQLException(
          "its schema version is %d, this program knows %d; start a newer Concert"
              .formatted(version, scripts.size()));
    }
    for (int next = version; next < scripts.size(); next++) {
      int number = next;
      SqliteTransaction.run(connection, _ -> run(connection, scripts.get(number), number));
    }
  }

  private static int run(Connection connection, String script, int number) throws SQLException {
    // Checked again inside the transaction: another process may open the same file.
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
}
