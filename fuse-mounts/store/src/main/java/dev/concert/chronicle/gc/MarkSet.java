package dev.concert.chronicle.gc;

import dev.concert.foundation.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a collection has found out so far, on the disk. For one thread; blocks. */
final class MarkSet implements AutoCloseable {
  private static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE mark (hash TEXT PRIMARY KEY) WITHOUT ROWID;
          CREATE TABLE sweep (
            id INTEGER PRIMARY KEY CHECK (id = 0),
            cut INTEGER NOT NULL,
            done TEXT NOT NULL
          );
          """);
  private static final int BATCH = 10_000;

  /**
   * A sweep that has begun.
   *
   * @param cut contents that were needed after this are not looked at
   * @param done first two digits of the names that were looked at last; empty at the begin
   */
  record Sweep(Instant cut, String done) {}

  private final SqliteDatabase database;
  private final List<String> batch = new ArrayList<>();

  private MarkSet(SqliteDatabase database) {
    this.database = database;
  }

  static MarkSet open(Path store) {
    return new MarkSet(SqliteDatabase.open(store.resolve("collect.db"), MIGRATIONS));
  }

  Optional<Sweep> sweep() {
    return database.read(
        connection -> {
          try (Statement query = connection.createStatement();
              ResultSet row = query.executeQuery("SELECT cut, done FROM sweep")) {
            return row.next()
                ? Optional.of(new Sweep(Instant.ofEpochMilli(row.getLong(1)), row.getString(2)))
                : Optional.empty();
          }
        });
  }

  /** Forgets everything. */
  void clear() {
    database.write(
        connection -> {
          try (Statement clear = connection.createStatement()) {
            clear.executeUpdate("DELETE FROM sweep");
            return clear.executeUpdate("DELETE FROM mark");
          }
        });
  }

  void add(String hash) {
    batch.add(hash);
    if (batch.size() >= BATCH) {
      flush();
    }
  }

  private void flush() {
    database.write(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement("INSERT OR IGNORE INTO mark (hash) VALUES (?)")) {
            for (String hash : batch) {
              insert.setString(1, hash);
              insert.addBatch();
            }
            return insert.executeBatch().length;
          }
        });
    batch.clear();
  }

  /** All is marked; the sweep may begin. */
  void complete(Instant cut) {
    flush();
    progress(new Sweep(cut, ""));
  }

  void progress(Sweep sweep) {
    database.write(
        connection -> {
          try (PreparedStatement put =
              connection.prepareStatement(
                  "INSERT INTO sweep (id, cut, done) VALUES (0, ?, ?)"
                      + " ON CONFLICT (id) DO UPDATE SET done = excluded.done")) {
            put.setLong(1, sweep.cut().toEpochMilli());
            put.setString(2, sweep.done());
            return put.executeUpdate();
          }
        });
  }

  boolean has(String hash) {
    return database.read(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement("SELECT 1 FROM mark WHERE hash = ?")) {
            query.setString(1, hash);
            try (ResultSet row = query.executeQuery()) {
              return row.next();
            }
          }
        });
  }

  @Override
  public void close() {
    database.close();
  }
}
