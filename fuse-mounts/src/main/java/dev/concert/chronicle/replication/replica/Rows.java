package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.replication.wire.Version;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Statements on the replica's database, and values in their columns. */
final class Rows {
  @FunctionalInterface
  interface Mapping<T> {
    T of(ResultSet row) throws SQLException;
  }

  private Rows() {}

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

  static Version version(ResultSet row) throws SQLException {
    return new Version(
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
