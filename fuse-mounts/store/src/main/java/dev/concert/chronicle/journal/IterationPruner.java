package dev.concert.chronicle.journal;

import dev.concert.chronicle.retention.RetentionCandidate;
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
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Drops iterations from a journal while another process may write it. Each transaction covers a few
 * files; if it stops between two, the next run starts over. Blocks.
 */
public final class IterationPruner {
  private static final int FILES = 200;

  private static final String NEXT_FILES = "SELECT id FROM file WHERE id > ? ORDER BY id LIMIT ?";

  /** A rename also is the end of the file that had the old name. */
  private static final String ENDS_NOW =
      "EXISTS (SELECT 1 FROM file o WHERE o.id = i.from_file AND o.number = i.from_number)";

  /** The same at the moment of a snapshot: nothing came back under the old name until then. */
  private static final String ENDS_IN_SNAPSHOT =
      "i.from_file IS NOT NULL AND EXISTS (SELECT 1 FROM snapshot s WHERE s.sequence >= i.sequence"
          + " AND NOT EXISTS (SELECT 1 FROM iteration n WHERE n.file = i.from_file"
          + " AND n.number > i.from_number AND n.sequence <= s.sequence))";

  private static final String VERSIONS =
      "SELECT i.sequence, i.timestamp, i.hash <> '', i.number = f.number OR "
          + (ENDS_NOW + " OR " + ENDS_IN_SNAPSHOT)
          + " FROM iteration i JOIN file f ON f.id = i.file WHERE i.file = ? ORDER BY i.number";
  private static final String DROP = "DELETE FROM iteration WHERE sequence = ?";

  /** Says which iterations of a file may go. */
  @FunctionalInterface
  public interface Dropping {
    /**
     * @param versions of one file, oldest first
     * @param snapshots sequence numbers of the moments that have to stay as they are
     * @return sequence numbers of those that go
     */
    Collection<Long> of(List<RetentionCandidate> versions, NavigableSet<Long> snapshots);
  }

  /** Says by which rule a workspace's iterations are dropped. */
  @FunctionalInterface
  public interface Choice {
    /**
     * @param own the rule that the workspace itself has; read anew for every few files
     * @return empty where nothing is dropped
     */
    Optional<Dropping> of(Optional<String> own);
  }

  private IterationPruner() {}

  /**
   * @param choice pinned versions stay whatever its rule says
   * @return how many iterations were dropped
   */
  public static long apply(Path journal, Choice choice) {
    if (!Files.exists(journal)) {
      return 0;
    }
    try (SqliteDatabase database = SqliteDatabase.open(journal, JournalSchema.MIGRATIONS)) {
      long count = 0;
      long last = 0;
      while (true) {
        long after = last;
        List<Long> files = database.read(connection -> files(connection, after));
        long begin = System.nanoTime();
        Optional<Long> dropped =
            files.isEmpty()
                ? Optional.empty()
                : database.write(connection -> prune(connection, files, choice));
        if (dropped.isEmpty()) {
          return count;
        }
        count += dropped.get();
        last = files.getLast();
        // For as long as it had the lock: who waits for it only looks now and then.
        LockSupport.parkNanos(System.nanoTime() - begin);
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

  /** Empty where the rule is to drop nothing. */
  private static Optional<Long> prune(Connection connection, List<Long> files, Choice choice)
      throws SQLException {
    Optional<Dropping> dropping = choice.of(WorkspaceRetention.of(connection));
    return dropping.isEmpty()
        ? Optional.empty()
        : Optional.of(prune(connection, files, dropping.get()));
  }

  private static long prune(Connection connection, List<Long> files, Dropping dropping)
      throws SQLException {
    long count = 0;
    // In the same transaction: a snapshot that is made meanwhile shows what cannot be dropped.
    NavigableSet<Long> snapshots = NamedSnapshots.sequences(connection);
    try (PreparedStatement drop = connection.prepareStatement(DROP)) {
      for (long file : files) {
        List<RetentionCandidate> versions = versions(connection, file);
        Collection<Long> going = dropping.of(versions, snapshots);
        for (RetentionCandidate version : versions) {
          if (!version.pinned() && going.contains(version.sequence())) {
            drop.setLong(1, version.sequence());
            count += drop.executeUpdate();
            PrunedRanges.add(connection, version.sequence());
          }
        }
      }
    }
    return count;
  }

  private static List<RetentionCandidate> versions(Connection connection, long file)
      throws SQLException {
    List<RetentionCandidate> versions = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(VERSIONS)) {
      query.setLong(1, file);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          versions.add(
              new RetentionCandidate(
                  row.getLong(1), row.getLong(2), row.getBoolean(3), row.getBoolean(4)));
        }
      }
    }
    return versions;
  }
}
