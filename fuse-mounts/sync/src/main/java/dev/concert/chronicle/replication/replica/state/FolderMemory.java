package dev.concert.chronicle.replication.replica.state;

import dev.concert.foundation.sqlite.SqliteDatabase;
import java.util.Map;
import java.util.TreeMap;

/** Which empty folders both sides have. Each method is one transaction; blocks. */
public final class FolderMemory {
  private final SqliteDatabase database;

  FolderMemory(SqliteDatabase database) {
    this.database = database;
  }

  /** The permission bits of each. */
  public Map<String, Integer> all() {
    Map<String, Integer> all = new TreeMap<>();
    database
        .read(
            connection ->
                Sql.all(
                    connection,
                    row -> Map.entry(row.getString(1), row.getInt(2)),
                    "SELECT filepath, mode FROM folder"))
        .forEach(folder -> all.put(folder.getKey(), folder.getValue()));
    return all;
  }

  public void put(String path, int mode) {
    database.write(
        connection ->
            Sql.change(
                connection,
                "INSERT OR REPLACE INTO folder (filepath, mode) VALUES (?, ?)",
                path,
                mode));
  }

  public void remove(String path) {
    database.write(
        connection -> Sql.change(connection, "DELETE FROM folder WHERE filepath = ?", path));
  }
}
