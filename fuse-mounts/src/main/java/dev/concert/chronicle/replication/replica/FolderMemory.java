package dev.concert.chronicle.replication.replica;

import dev.concert.foundation.sqlite.SqliteDatabase;
import java.util.Map;
import java.util.TreeMap;

/** Which empty folders both sides have. Each method is one transaction; blocks. */
final class FolderMemory {
  private final SqliteDatabase database;

  FolderMemory(SqliteDatabase database) {
    this.database = database;
  }

  /** The permission bits of each. */
  Map<String, Integer> all() {
    Map<String, Integer> all = new TreeMap<>();
    database
        .read(
            connection ->
                Rows.all(
                    connection,
                    row -> Map.entry(row.getString(1), row.getInt(2)),
                    "SELECT filepath, mode FROM folder"))
        .forEach(folder -> all.put(folder.getKey(), folder.getValue()));
    return all;
  }

  void put(String path, int mode) {
    database.write(
        connection ->
            Rows.change(
                connection,
                "INSERT OR REPLACE INTO folder (filepath, mode) VALUES (?, ?)",
                path,
                mode));
  }

  void remove(String path) {
    database.write(
        connection -> Rows.change(connection, "DELETE FROM folder WHERE filepath = ?", path));
  }
}
