package dev.concert.platform.cluster;

import dev.concert.foundation.sqlite.SqliteDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.List;
import java.util.Optional;

/**
 * On which node each instance is, durably. A node that is away keeps what it owns: without this
 * table its instances would look as if nobody had them. Thread-safe.
 */
final class Placements implements AutoCloseable {
  private static final List<String> MIGRATIONS =
      List.of("CREATE TABLE placement (instance TEXT PRIMARY KEY, node TEXT NOT NULL)");

  private final Vertx vertx;
  private final SqliteDatabase database;

  private Placements(Vertx vertx, SqliteDatabase database) {
    this.vertx = vertx;
    this.database = database;
  }

  /** Blocking. */
  static Placements open(Vertx vertx, Path file) {
    return new Placements(vertx, SqliteDatabase.open(file, MIGRATIONS));
  }

  Future<Optional<String>> find(String instance) {
    return vertx.executeBlocking(
        () ->
            database.read(
                connection -> {
                  try (PreparedStatement select =
                      connection.prepareStatement(
                          "SELECT node FROM placement WHERE instance = ?")) {
                    select.setString(1, instance);
                    try (ResultSet row = select.executeQuery()) {
                      return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
                    }
                  }
                }),
        false);
  }

  /** Completes when it is on the disk. */
  Future<Void> store(String instance, String node) {
    return execute(
        "INSERT INTO placement VALUES (?1, ?2) ON CONFLICT (instance) DO UPDATE SET node = ?2",
        instance,
        node);
  }

  /** Forgets that the instance is on this node, if it is what is stored. */
  Future<Void> remove(String instance, String node) {
    return execute("DELETE FROM placement WHERE instance = ?1 AND node = ?2", instance, node);
  }

  private Future<Void> execute(String sql, String instance, String node) {
    return vertx.executeBlocking(
        () ->
            database.write(
                connection -> {
                  try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    statement.setString(1, instance);
                    statement.setString(2, node);
                    statement.executeUpdate();
                    return null;
                  }
                }),
        false);
  }

  @Override
  public void close() {
    database.close();
  }
}
