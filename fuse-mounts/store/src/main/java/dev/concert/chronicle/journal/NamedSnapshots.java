package dev.concert.chronicle.journal;

import dev.concert.chronicle.iteration.NamedSnapshot;
import dev.concert.foundation.sqlite.SqliteDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The named moments of a journal. What they show is kept by whatever drops iterations. Thread-safe;
 * every method blocks.
 */
public final class NamedSnapshots {
  private static final String COLUMNS = "SELECT name, sequence, timestamp FROM snapshot ";
  private static final String ALL = COLUMNS + "ORDER BY sequence, timestamp, name";
  private static final String FIND = COLUMNS + "WHERE name = ?";
  private static final String SEQUENCES = "SELECT sequence FROM snapshot";
  private static final String ADD =
      "INSERT INTO snapshot (name, sequence, timestamp)"
          + " SELECT ?, (SELECT COALESCE(MAX(sequence), 0) FROM iteration), ?"
          + " ON CONFLICT DO NOTHING";
  private static final String REMOVE = "DELETE FROM snapshot WHERE name = ?";

  private final SqliteDatabase database;
  private final PreparedStatements statements;
  private final InstantSource clock;

  NamedSnapshots(SqliteDatabase database, PreparedStatements statements, InstantSource clock) {
    this.database = database;
    this.statements = statements;
    this.clock = clock;
  }

  /** Names the present moment; empty where the name is taken. */
  public Optional<NamedSnapshot> add(String name) {
    return database.write(
        connection ->
            statements.with(connection, ADD, name, clock.millis()).executeUpdate() == 0
                ? Optional.empty()
                : find(connection, name));
  }

  public Optional<NamedSnapshot> find(String name) {
    return database.read(connection -> find(connection, name));
  }

  private Optional<NamedSnapshot> find(Connection connection, String name) throws SQLException {
    try (ResultSet row = statements.with(connection, FIND, name).executeQuery()) {
      return row.next() ? Optional.of(snapshot(row)) : Optional.empty();
    }
  }

  /** All of them, oldest first. */
  public List<NamedSnapshot> all() {
    return database.read(
        connection -> {
          List<NamedSnapshot> found = new ArrayList<>();
          try (ResultSet rows = statements.with(connection, ALL).executeQuery()) {
            while (rows.next()) {
              found.add(snapshot(rows));
            }
          }
          return found;
        });
  }

  private static NamedSnapshot snapshot(ResultSet row) throws SQLException {
    return new NamedSnapshot(row.getString(1), row.getLong(2), row.getLong(3));
  }

  /** Forgets a name; answers whether there was one. */
  public boolean remove(String name) {
    return database.write(
        connection -> statements.with(connection, REMOVE, name).executeUpdate() > 0);
  }

  /** Sequence numbers of all of them, by another connection than the journal's own. */
  static NavigableSet<Long> sequences(Connection connection) throws SQLException {
    NavigableSet<Long> found = new TreeSet<>();
    try (var query = connection.prepareStatement(SEQUENCES);
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        found.add(rows.getLong(1));
      }
    }
    return found;
  }
}
