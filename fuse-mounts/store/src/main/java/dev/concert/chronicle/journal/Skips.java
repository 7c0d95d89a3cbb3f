package dev.concert.chronicle.journal;

import dev.concert.chronicle.iteration.Entry;
import dev.concert.chronicle.iteration.SkipReason;
import dev.concert.chronicle.iteration.SkipSummary;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of versions that are not kept. */
final class Skips {
  private static final String ADD =
      "INSERT INTO skipped (path, number, reason, first, last, count, size)"
          + " VALUES (?, COALESCE((SELECT number FROM file WHERE path = ?), 0), ?, ?, ?, 1, ?)"
          + " ON CONFLICT DO UPDATE SET last = excluded.last, count = count + 1,"
          + " size = excluded.size";
  private static final String OF =
      "SELECT number, reason, first, last, count, size FROM skipped WHERE path = ? ORDER BY first";

  private static final String LATEST =
      "SELECT reason, size FROM skipped WHERE path = ?"
          + " AND number = COALESCE((SELECT number FROM file WHERE path = ?), 0)"
          + " ORDER BY last DESC LIMIT 1";

  private final PreparedStatements statements;

  Skips(PreparedStatements statements) {
    this.statements = statements;
  }

  void add(Connection connection, Entry.Skipped entry, long now) throws SQLException {
    statements
        .with(
            connection,
            ADD,
            entry.path(),
            entry.path(),
            entry.reason().ordinal(),
            now,
            now,
            entry.size())
        .executeUpdate();
  }

  /** The version that a path has now, where that is not kept. */
  Optional<Entry.Skipped> latest(Connection connection, String path) throws SQLException {
    try (ResultSet row = statements.with(connection, LATEST, path, path).executeQuery()) {
      return row.next()
          ? Optional.of(new Entry.Skipped(path, row.getLong(2), SkipReason.of(row.getInt(1))))
          : Optional.empty();
    }
  }

  List<SkipSummary> of(Connection connection, String path) throws SQLException {
    List<SkipSummary> found = new ArrayList<>();
    try (ResultSet row = statements.with(connection, OF, path).executeQuery()) {
      while (row.next()) {
        found.add(
            new SkipSummary(
                row.getLong(1),
                SkipReason.of(row.getInt(2)),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6)));
      }
    }
    return found;
  }
}
