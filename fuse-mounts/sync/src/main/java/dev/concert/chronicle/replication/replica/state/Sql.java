package dev.concert.chronicle.replication.replica.state;

import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.replication.wire.PathVersion;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Statements on the replica's database, and values in their columns. */
final class Sql {
  @FunctionalInterface
  interface Mapping<T> {
    T of(ResultSet row) throws SQLException;
  }

  private Sql() {}

  static int change(Connection connection, String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, parameters);
      return statement.executeUpdate();
    }
  }

  static <T> List<T> all(
      Connection connection, Mapping<T> mapping, String sql, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, parameters);
      List<T> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(mapping.of(rows));
        }
      }
      return found;
    }
  }

  /** The first rows that pass, at most so many; reads no more than it needs. */
  static <T> List<T> some(
      Connection connection, Mapping<T> mapping, int limit, Predicate<T> passes, String sql)
      throws SQLException {
    List<T> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      while (found.size() < limit && rows.next()) {
        T row = mapping.of(rows);
        if (passes.test(row)) {
          found.add(row);
        }
      }
    }
    return found;
  }

  static <T> Optional<T> first(
      Connection connection, Mapping<T> mapping, String sql, Object... parameters)
      throws SQLException {
    return all(connection, mapping, sql, parameters).stream().findFirst();
  }

  private static void set(PreparedStatement statement, Object... parameters) throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
  }

  static PathVersion version(ResultSet row) throws SQLException {
    return new PathVersion(
        row.getString("content_hash"), row.getLong("size"), row.getInt("permissions"));
  }

  static Optional<Signature> signature(ResultSet row) throws SQLException {
    long size = row.getLong("seen_size");
    return row.wasNull()
        ? Optional.empty()
        : Optional.of(new Signature(size, row.getLong("seen_modified"), row.getLong("seen_inode")));
  }

  static Long size(Optional<Signature> signature) {
    return signature.map(Signature::size).orElse(null);
  }

  static Long modified(Optional<Signature> signature) {
    return signature.map(Signature::modifiedNanos).orElse(null);
  }

  static Long inode(Optional<Signature> signature) {
    return signature.map(Signature::inode).orElse(null);
  }
}
