package dev.concert.chronicle.iteration;

import dev.concert.foundation.sqlite.SqliteDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * Drops iterations from a journal, beside whoever writes it. Each transaction covers a few files;
 * stopped between two, it is simply begun again. Blocks.
 */
public final class Pruning {
  private static final int FILES = 200;

  private static final String NEXT_FILES = "SELECT id FROM file WHERE id > ? ORDER BY id LIMIT ?";
  private static final String VERSIONS =
      "SELECT i.sequence, i.timestamp, i.hash <> '', i.number = f.number OR EXISTS (SELECT 1"
          + " FROM file o WHERE o.id = i.from_file AND o.number = i.from_number)"
          + " FROM iteration i JOIN file f ON f.id = i.file WHERE i.file = ? ORDER BY i.number";
  private static final String DROP = "DELETE FROM iteration WHERE sequence = ?";

  private Pruning() {}

  /**
   * @param dropped says, given the versions of one file, oldest first, which sequence numbers go;
   *     pinned ones stay whatever it says
   * @return how many iterations were dropped
   */
  public static long apply(Path journal, Function<List<Version>, Collection<Long>> dropped) {
    if (!Files.exists(journal)) {
      return 0;
    }
    try (SqliteDatabase database = SqliteDatabase.open(journal, Schema.MIGRATIONS)) {
      long count = 0;
      long last = 0;
      while (true) {
        long after = last;
        List<Long> files = database.read(connection -> files(connection, after));
        if (files.isEmpty()) {
          return count;
        }
        count += database.write(connection -> prune(connection, files, dropped));
        last = files.getLast();
      }
    }
  }

  private static List<Long> files(Connection connection, long after) throws SQLException {
    List<Long> files = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(NEXT_FILES)) {
      query.setLong(1, after);
      query.setInt(2, FILES);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          files.add(rows.getLong(1));
        }
      }
    }
    return files;
  }

  private static long prune(
      Connection connection, List<Long> files, Function<List<Version>, Collection<Long>> dropped)
      throws SQLException {
    long count = 0;
    try (PreparedStatement drop = connection.prepareStatement(DROP)) {
      for (long file : files) {
        List<Version> versions = versions(connection, file);
        Collection<Long> going = dropped.apply(versions);
        for (Version version : versions) {
          if (!version.pinned() && going.contains(version.sequence())) {
            drop.setLong(1, version.sequence());
            count += drop.executeUpdate();
          }
        }
      }
    }
    return count;
  }

  private static List<Version> versions(Connection connection, long file) throws SQLException {
    List<Version> versions = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(VERSIONS)) {
      query.setLong(1, file);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          versions.add(
              new Version(row.getLong(1), row.getLong(2), row.getBoolean(3), row.getBoolean(4)));
        }
      }
    }
    return versions;
  }
}
