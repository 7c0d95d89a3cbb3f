package dev.concert.chronicle.journal;

import dev.concert.chronicle.iteration.SequenceRange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Sequence numbers of iterations that were dropped on purpose, in ranges that do not touch: at most
 * one more than there are iterations. A hole in the sequence that is none of them is a loss.
 */
final class PrunedRanges {
  private static final String BEFORE =
      "SELECT first, last FROM pruned WHERE first < ? ORDER BY first DESC LIMIT 1";
  private static final String AFTER = "SELECT last FROM pruned WHERE first = ?";
  private static final String REMOVE = "DELETE FROM pruned WHERE first = ?";
  private static final String PUT = "INSERT OR REPLACE INTO pruned (first, last) VALUES (?, ?)";
  private static final String WITHIN =
      "SELECT first, last FROM pruned WHERE last >= ? AND first <= ? ORDER BY first";

  private PrunedRanges() {}

  /** Notes one that is being dropped, in the transaction that drops it. */
  static void add(Connection connection, long sequence) throws SQLException {
    long first = sequence;
    try (PreparedStatement query = connection.prepareStatement(BEFORE)) {
      query.setLong(1, sequence);
      try (ResultSet row = query.executeQuery()) {
        if (row.next() && row.getLong(2) == sequence - 1) {
          first = row.getLong(1);
        }
      }
    }
    long last = sequence;
    try (PreparedStatement query = connection.prepareStatement(AFTER)) {
      query.setLong(1, sequence + 1);
      try (ResultSet row = query.executeQuery()) {
        if (row.next()) {
          last = row.getLong(1);
        }
      }
    }
    if (last > sequence) {
      update(connection, REMOVE, sequence + 1);
    }
    update(connection, PUT, first, last);
  }

  private static void update(Connection connection, String sql, long... parameters)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        update.setLong(i + 1, parameters[i]);
      }
      update.executeUpdate();
    }
  }

  /** What of a range was not dropped on purpose. */
  static List<SequenceRange> lost(Connection connection, SequenceRange hole) throws SQLException {
    List<SequenceRange> lost = new ArrayList<>();
    long next = hole.first();
    try (PreparedStatement query = connection.prepareStatement(WITHIN)) {
      query.setLong(1, hole.first());
      query.setLong(2, hole.last());
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          if (rows.getLong(1) > next) {
            lost.add(new SequenceRange(next, rows.getLong(1) - 1));
          }
          next = Math.max(next, rows.getLong(2) + 1);
        }
      }
    }
    if (next <= hole.last()) {
      lost.add(new SequenceRange(next, hole.last()));
    }
    return lost;
  }
}
