package dev.concert.chronicle.journal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Drops the iterations of excluded paths as soon as there is a later one. */
final class ExcludedIterations {
  private static final String MARK = "UPDATE iteration SET excluded = 1 WHERE sequence = ?";

  /** One that also is the end of another path stays. */
  private static final String EARLIER =
      "SELECT sequence FROM iteration WHERE file = ? AND number < ? AND excluded = 1"
          + " AND from_file IS NULL";

  private static final String DROP = "DELETE FROM iteration WHERE sequence = ?";

  private final PreparedStatements statements;
  private final Predicate<String> excluded;

  ExcludedIterations(PreparedStatements statements, Predicate<String> excluded) {
    this.statements = statements;
    this.excluded = excluded;
  }

  /** To be called after an iteration of a path was entered. */
  void entered(Connection connection, FileHead head, long sequence) throws SQLException {
    if (!excluded.test(head.path())) {
      return;
    }
    statements.with(connection, MARK, sequence).executeUpdate();
    List<Long> earlier = new ArrayList<>();
    try (ResultSet rows =
        statements.with(connection, EARLIER, head.file(), head.number()).executeQuery()) {
      while (rows.next()) {
        earlier.add(rows.getLong(1));
      }
    }
    for (long one : earlier) {
      statements.with(connection, DROP, one).executeUpdate();
      PrunedRanges.add(connection, one);
    }
  }
}
