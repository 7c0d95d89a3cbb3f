package dev.concert.chronicle.replication.replica.state;

import dev.concert.chronicle.replication.wire.PathVersion;
import dev.concert.foundation.sqlite.SqliteDatabase;
import java.util.List;

/**
 * Changes of the workspace that the replica's disk cannot have for now, the latest of each path:
 * there is no room, or no permission. Each method is one transaction; blocks.
 */
public final class Undelivered {
  private final SqliteDatabase database;
  private final Runnable onChange;

  Undelivered(SqliteDatabase database, Runnable onChange) {
    this.database = database;
    this.onChange = onChange;
  }

  /**
   * A change that is tried again.
   *
   * @param sequence the iteration that made it
   * @param reason why the disk cannot have it, for a person
   */
  public record Entry(String path, PathVersion version, long sequence, String reason) {}

  public void put(Entry entry) {
    database.write(
        connection ->
            Sql.change(
                connection,
                "INSERT OR REPLACE INTO undelivered (filepath, content_hash, size, permissions,"
                    + " sequence, reason) VALUES (?, ?, ?, ?, ?, ?)",
                entry.path(),
                entry.version().hash(),
                entry.version().size(),
                entry.version().permissions(),
                entry.sequence(),
                entry.reason()));
    onChange.run();
  }

  public void remove(String path) {
    database.write(
        connection -> Sql.change(connection, "DELETE FROM undelivered WHERE filepath = ?", path));
    onChange.run();
  }

  /** The workspace says everything anew. */
  public void clear() {
    database.write(connection -> Sql.change(connection, "DELETE FROM undelivered"));
    onChange.run();
  }

  /** Small ones first: they are the likeliest to fit. */
  public List<Entry> all() {
    return database.read(
        connection ->
            Sql.all(
                connection,
                row ->
                    new Entry(
                        row.getString("filepath"),
                        Sql.version(row),
                        row.getLong("sequence"),
                        row.getString("reason")),
                "SELECT * FROM undelivered ORDER BY size, filepath"));
  }
}
