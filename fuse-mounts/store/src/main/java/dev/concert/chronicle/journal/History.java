package dev.concert.chronicle.journal;

import dev.concert.chronicle.iteration.Change;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.LiveFile;
import dev.concert.chronicle.iteration.SequenceRange;
import dev.concert.chronicle.iteration.SkipSummary;
import dev.concert.chronicle.iteration.Snapshot;
import dev.concert.foundation.sqlite.SqliteDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the journal remembers. Thread-safe; every method blocks. */
public final class History {
  private static final String COLUMNS =
      "SELECT i.sequence, f.path, i.number, i.change, i.kind, i.size, i.hash, i.timestamp,"
          + " o.path, i.from_number, i.mode FROM iteration i JOIN file f ON f.id = i.file"
          + " LEFT JOIN file o ON o.id = i.from_file ";
  private static final String SINCE = COLUMNS + "WHERE i.sequence > ? ORDER BY i.sequence LIMIT ?";
  private static final String UNTIL = COLUMNS + "WHERE i.timestamp <= ? ORDER BY i.sequence";
  private static final String UP_TO = COLUMNS + "WHERE i.sequence <= ? ORDER BY i.sequence";
  private static final String PATHS = "SELECT path FROM file";
  private static final String SKIPPED_PATHS = "SELECT DISTINCT path FROM skipped";
  private static final String OF_FILE = COLUMNS + "WHERE i.file = ? AND i.number <= ?";
  private static final String ENDS = COLUMNS + "WHERE i.from_file = ? AND i.from_number <= ?";
  private static final String LIVE =
      COLUMNS + "WHERE f.live = 1 AND i.number = f.number ORDER BY f.path";
  private static final String LAST_TOUCH =
      "SELECT MAX((SELECT COALESCE(MAX(sequence), 0) FROM iteration WHERE file = f.id),"
          + " (SELECT COALESCE(MAX(sequence), 0) FROM iteration WHERE from_file = f.id))"
          + " FROM file f WHERE f.path = ?";

  /** Between the last kept iteration up to a moment and the next one there is a dropped one. */
  private static final String UNKNOWN =
      "WITH touch AS (SELECT file, number, sequence FROM iteration UNION ALL SELECT from_file,"
          + " from_number, sequence FROM iteration WHERE from_file IS NOT NULL) SELECT f.path FROM"
          + " file f JOIN (SELECT file, MIN(number) AS number FROM touch WHERE sequence > ? GROUP"
          + " BY file) next ON next.file = f.id LEFT JOIN (SELECT file, MAX(number) AS number FROM"
          + " touch WHERE sequence <= ? GROUP BY file) last ON last.file = f.id WHERE next.number"
          + " <> COALESCE(last.number, f.origin_number, 0) + 1 ORDER BY f.path";

  private static final String LATEST = "SELECT COALESCE(MAX(sequence), 0) FROM iteration";
  private static final String FILE = "SELECT id, origin, origin_number FROM file WHERE path = ?";
  private static final String ORIGIN = "SELECT id, origin, origin_number FROM file WHERE id = ?";

  private final SqliteDatabase database;
  private final PreparedStatements statements;
  private final FileHeads heads;
  private final Skips skips;

  History(SqliteDatabase database, PreparedStatements statements) {
    this.database = database;
    this.statements = statements;
    this.heads = new FileHeads(statements);
    this.skips = new Skips(statements);
  }

  /** All iterations of a path, oldest first, those before a rename included. */
  public List<Iteration> of(String path) {
    return database.read(
        connection -> {
          List<Iteration> found = new ArrayList<>();
          long upTo = Long.MAX_VALUE;
          Optional<Lineage> file = lineage(connection, FILE, path);
          while (file.isPresent()) {
            collect(connection, path, file.get().file(), upTo, found);
            upTo = file.get().originNumber();
            file = lineage(connection, ORIGIN, file.get().origin());
          }
          found.sort(Comparator.comparingLong(Iteration::number));
          return found;
        });
  }

  /** Versions of a path that are not kept, oldest first. */
  public List<SkipSummary> skipped(String path) {
    return database.read(connection -> skips.of(connection, path));
  }

  /** One iteration of a path; empty if there is none with this number. */
  public Optional<Iteration> at(String path, long number) {
    return of(path).stream().filter(iteration -> iteration.number() == number).findFirst();
  }

  private record Lineage(long file, long origin, long originNumber) {}

  private Optional<Lineage> lineage(Connection connection, String sql, Object key)
      throws SQLException {
    try (ResultSet row = statements.with(connection, sql, key).executeQuery()) {
      return row.next()
          ? Optional.of(new Lineage(row.getLong(1), row.getLong(2), row.getLong(3)))
          : Optional.empty();
    }
  }

  private void collect(
      Connection connection, String path, long file, long upTo, List<Iteration> into)
      throws SQLException {
    try (ResultSet rows = statements.with(connection, OF_FILE, file, upTo).executeQuery()) {
      while (rows.next()) {
        into.add(iteration(rows, path));
      }
    }
    try (ResultSet rows = statements.with(connection, ENDS, file, upTo).executeQuery()) {
      while (rows.next()) {
        into.add(end(rows, path));
      }
    }
  }

  private static Iteration iteration(ResultSet row, String path) throws SQLException {
    return new Iteration(
        row.getLong(1),
        path,
        row.getLong(3),
        Change.of(row.getInt(4)),
        Kind.of(row.getInt(5)),
        row.getInt(11),
        row.getLong(6),
        row.getString(7),
        row.getLong(8),
        Optional.ofNullable(row.getString(9)));
  }

  /** A rename as the old name shows it: the path is gone. */
  private static Iteration end(ResultSet row, String path) throws SQLException {
    return new Iteration(
        row.getLong(1),
        path,
        row.getLong(10),
        Change.DELETED,
        Kind.of(row.getInt(5)),
        row.getInt(11),
        0,
        "",
        row.getLong(8),
        Optional.empty());
  }

  /** Iterations of the whole workspace after a sequence number, oldest first. */
  public List<Iteration> since(long sequence, int limit) {
    return database.read(
        connection -> {
          List<Iteration> found = new ArrayList<>();
          try (ResultSet rows =
              statements.with(connection, SINCE, sequence, limit).executeQuery()) {
            while (rows.next()) {
              found.add(iteration(rows, rows.getString(2)));
            }
          }
          return found;
        });
  }

  /** What of a hole in the sequence no retention policy made. */
  public List<SequenceRange> lost(SequenceRange hole) {
    return database.read(connection -> PrunedRanges.lost(connection, hole));
  }

  /** Sequence number of the latest iteration; 0 if there is none. */
  public long latest() {
    return database.read(
        connection -> {
          try (ResultSet row = statements.with(connection, LATEST).executeQuery()) {
            return row.getLong(1);
          }
        });
  }

  /** Every path that ever was there. */
  public Set<String> paths() {
    return paths(PATHS);
  }

  /** Every path of which a version is not kept. */
  public Set<String> skippedPaths() {
    return paths(SKIPPED_PATHS);
  }

  private Set<String> paths(String sql) {
    return database.read(
        connection -> {
          Set<String> paths = new HashSet<>();
          try (ResultSet rows = statements.with(connection, sql).executeQuery()) {
            while (rows.next()) {
              paths.add(rows.getString(1));
            }
          }
          return paths;
        });
  }

  /**
   * What was there at a moment, by path.
   *
   * @param millis Unix time, inclusive
   */
  public Map<String, Iteration> at(long millis) {
    return there(UNTIL, millis);
  }

  /** What was there when an iteration was the latest, by path. */
  public Map<String, Iteration> upTo(long sequence) {
    return there(UP_TO, sequence);
  }

  /**
   * Paths of which it is not known what they were when an iteration was the latest: a retention
   * policy dropped that.
   */
  public List<String> unknownAt(long sequence) {
    return database.read(
        connection -> {
          List<String> paths = new ArrayList<>();
          try (ResultSet rows =
              statements.with(connection, UNKNOWN, sequence, sequence).executeQuery()) {
            while (rows.next()) {
              paths.add(rows.getString(1));
            }
          }
          return paths;
        });
  }

  private Map<String, Iteration> there(String sql, long bound) {
    return database.read(
        connection -> {
          Map<String, Iteration> there = new HashMap<>();
          try (ResultSet rows = statements.with(connection, sql, bound).executeQuery()) {
            while (rows.next()) {
              Iteration next = iteration(rows, rows.getString(2));
              next.from().ifPresent(there::remove);
              if (next.change() == Change.DELETED) {
                there.remove(next.path());
              } else {
                there.put(next.path(), next);
              }
            }
          }
          return there;
        });
  }

  /** All paths that are there, as one moment shows them, by path. */
  public Snapshot snapshot() {
    return database.read(
        connection -> {
          List<Iteration> live = new ArrayList<>();
          try (ResultSet rows = statements.with(connection, LIVE).executeQuery()) {
            while (rows.next()) {
              live.add(iteration(rows, rows.getString(2)));
            }
          }
          try (ResultSet row = statements.with(connection, LATEST).executeQuery()) {
            return new Snapshot(row.getLong(1), live);
          }
        });
  }

  /**
   * Sequence number of the latest iteration that a path took part in, also as the old name of a
   * rename; 0 where it took part in none.
   */
  public long latestOf(String path) {
    return database.read(
        connection -> {
          try (ResultSet row = statements.with(connection, LAST_TOUCH, path).executeQuery()) {
            return row.next() ? row.getLong(1) : 0L;
          }
        });
  }

  /** The state of a path that is there. */
  public Optional<LiveFile> live(String path) {
    return database.read(
        connection ->
            heads.find(connection, path).filter(FileHead::live).map(FileHead::asLiveFile));
  }

  /** All files that are there at or below a folder, by path; the root is the empty path. */
  public Map<String, LiveFile> liveBelow(String folder) {
    return database.read(
        connection -> {
          Map<String, LiveFile> files = new HashMap<>();
          heads
              .liveBelow(connection, folder)
              .forEach(head -> files.put(head.path(), head.asLiveFile()));
          return files;
        });
  }
}
