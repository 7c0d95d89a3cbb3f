package dev.concert.chronicle.replication.replica.state;

import dev.concert.foundation.sqlite.SqliteDatabase;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which paths take no part although no rule leaves them out, and why. Keeps the first {@link
 * #LISTED} of each kind and counts the rest. Each method is one transaction; blocks.
 */
public final class LeftOut {
  /** So many paths are kept by name. */
  public static final int LISTED = 200;

  private final SqliteDatabase database;
  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  LeftOut(SqliteDatabase database) {
    this.database = database;
    refused.addAll(
        database.read(
            connection ->
                Sql.all(
                    connection,
                    row -> row.getString(1),
                    "SELECT filepath FROM left_out WHERE by_scan = 0")));
  }

  /** A path and the reason, for a person. */
  public record Entry(String path, String reason) {}

  /**
   * What is known.
   *
   * @param first the first ones by path
   * @param count of all
   */
  public record Summary(List<Entry> first, long count) {}

  /**
   * A look at everything has found these, and no others.
   *
   * @param first some of them, with their reasons
   * @param count of all
   */
  public void found(Map<String, String> first, long count) {
    database.write(
        connection -> {
          Sql.change(connection, "DELETE FROM left_out WHERE by_scan = 1");
          for (Map.Entry<String, String> one : first.entrySet()) {
            Sql.change(
                connection,
                "INSERT OR REPLACE INTO left_out (filepath, reason, by_scan) VALUES (?, ?, 1)",
                one.getKey(),
                one.getValue());
          }
          return Sql.change(
              connection, "UPDATE left_out_count SET paths = ?", Math.max(0, count - first.size()));
        });
  }

  /** One of the two sides cannot have what the other one has at this path. */
  public void refused(String path, String reason) {
    refused.add(path);
    database.write(
        connection ->
            Sql.change(
                connection,
                "INSERT OR REPLACE INTO left_out (filepath, reason, by_scan) SELECT ?, ?, 0 WHERE"
                    + " (SELECT COUNT(*) FROM left_out WHERE by_scan = 0) < ?",
                path,
                reason,
                LISTED));
  }

  /** The path takes part again, or is gone. */
  public void settled(String path) {
    if (refused.remove(path)) {
      database.write(
          connection ->
              Sql.change(
                  connection, "DELETE FROM left_out WHERE filepath = ? AND by_scan = 0", path));
    }
  }

  public Summary summary() {
    return database.read(
        connection -> {
          List<Entry> named =
              Sql.all(
                  connection,
                  row -> new Entry(row.getString(1), row.getString(2)),
                  "SELECT filepath, reason FROM left_out ORDER BY filepath");
          long more =
              Sql.first(connection, row -> row.getLong(1), "SELECT paths FROM left_out_count")
                  .orElse(0L);
          return new Summary(named, named.size() + more);
        });
  }
}
