package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.replication.wire.Version;
import dev.concert.foundation.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * What a replica remembers. Each method is one transaction, so that a killed replica is always
 * between two of them. Thread-safe; every method blocks.
 */
final class ReplicaState implements AutoCloseable {
  static final String FILE = "replica.db";

  private static final String PUT_BASE =
      "INSERT INTO base (filepath, sequence, content_hash, size, permissions, seen_size,"
          + " seen_modified, seen_inode, resync) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
          + " ON CONFLICT (filepath) DO UPDATE SET sequence = excluded.sequence,"
          + " content_hash = excluded.content_hash, size = excluded.size,"
          + " permissions = excluded.permissions, seen_size = excluded.seen_size,"
          + " seen_modified = excluded.seen_modified, seen_inode = excluded.seen_inode";

  private final SqliteDatabase database;
  private final WriteJournal writes;
  private final FolderMemory folders;
  private long resync;

  private ReplicaState(SqliteDatabase database) {
    this.database = database;
    this.writes = new WriteJournal(database);
    this.folders = new FolderMemory(database);
  }

  static ReplicaState open(Path folder) {
    return new ReplicaState(SqliteDatabase.open(folder.resolve(FILE), ReplicaSchema.MIGRATIONS));
  }

  WriteJournal writes() {
    return writes;
  }

  FolderMemory folders() {
    return folders;
  }

  /** Everything up to this iteration of the workspace is in the files. */
  long position() {
    return database.read(
        connection ->
            Rows.first(connection, row -> row.getLong(1), "SELECT sequence FROM position")
                .orElse(0L));
  }

  void position(long sequence) {
    database.write(
        connection -> Rows.change(connection, "UPDATE position SET sequence = ?", sequence));
  }

  Base base(String path) {
    return database.read(
        connection ->
            Rows.first(
                    connection,
                    row ->
                        new Base(row.getLong("sequence"), Rows.version(row), Rows.signature(row)),
                    "SELECT * FROM base WHERE filepath = ?",
                    path)
                .orElse(Base.NONE));
  }

  /** The base alone changes; a local write that there is stays. */
  void base(String path, Base base) {
    database.write(connection -> put(connection, path, base));
  }

  /** Both sides have the same: no local write and no conflict is left. */
  void agree(String path, Base base) {
    database.write(
        connection -> {
          put(connection, path, base);
          WriteJournal.drop(connection, path);
          return Rows.change(connection, "DELETE FROM conflict WHERE filepath = ?", path);
        });
  }

  /**
   * The master has a version of ours, older than the local write that is waiting.
   *
   * @param base what it took
   */
  void arrived(String path, Base base) {
    database.write(
        connection -> {
          put(connection, path, base);
          return WriteJournal.settled(connection, path);
        });
  }

  private int put(Connection connection, String path, Base base) throws SQLException {
    return Rows.change(
        connection,
        PUT_BASE,
        path,
        base.sequence(),
        base.version().hash(),
        base.version().size(),
        base.version().permissions(),
        Rows.size(base.signature()),
        Rows.modified(base.signature()),
        Rows.inode(base.signature()),
        resync);
  }

  /** Every path that both sides had. */
  List<String> paths() {
    return database.read(
        connection ->
            Rows.all(
                connection,
                row -> row.getString(1),
                "SELECT filepath FROM base WHERE content_hash <> ''"));
  }

  /** From now on is noted which paths the workspace still has. */
  void beginResync() {
    resync =
        database.read(
            connection ->
                Rows.first(
                        connection,
                        row -> row.getLong(1) + 1,
                        "SELECT COALESCE(MAX(resync), 0) FROM base")
                    .orElse(1L));
  }

  /** Forgets of which iteration the bases are: the workspace was set back. */
  void forgetSequences() {
    database.write(connection -> Rows.change(connection, "UPDATE base SET sequence = 0"));
  }

  /** The path is still there. */
  void confirm(String path) {
    database.write(
        connection ->
            Rows.change(connection, "UPDATE base SET resync = ? WHERE filepath = ?", resync, path));
  }

  /** Paths that both sides had and that were not named since the resync began. */
  List<String> unconfirmed() {
    return database.read(
        connection ->
            Rows.all(
                connection,
                row -> row.getString(1),
                "SELECT filepath FROM base WHERE content_hash <> '' AND resync <> ?",
                resync));
  }

  /** The path waits for a decision. */
  void hold(String path, Base base, Version upstream, long sequence) {
    database.write(
        connection -> {
          put(connection, path, base);
          WriteJournal.park(connection, path, true);
          return Rows.change(
              connection,
              "INSERT OR REPLACE INTO conflict (filepath, content_hash, size, permissions,"
                  + " sequence) VALUES (?, ?, ?, ?, ?)",
              path,
              upstream.hash(),
              upstream.size(),
              upstream.permissions(),
              sequence);
        });
  }

  /** The decision is to send the local version. */
  void keepLocal(String path, Base upstream) {
    database.write(
        connection -> {
          put(connection, path, upstream);
          WriteJournal.park(connection, path, false);
          WriteJournal.settled(connection, path);
          return Rows.change(connection, "DELETE FROM conflict WHERE filepath = ?", path);
        });
  }

  /** An upstream version that waits for a decision. */
  record Held(String path, Version version, long sequence) {}

  List<Held> held() {
    return database.read(
        connection ->
            Rows.all(
                connection,
                row ->
                    new Held(row.getString("filepath"), Rows.version(row), row.getLong("sequence")),
                "SELECT * FROM conflict ORDER BY filepath"));
  }

  Optional<Held> held(String path) {
    return held().stream().filter(held -> held.path().equals(path)).findFirst();
  }

  /** What waits for a decision, as it was looked at last. */
  List<Conflict> conflicts() {
    return held().stream()
        .map(
            held -> {
              Base base = base(held.path());
              Version here =
                  writes.find(held.path()).map(LocalWrite::version).orElse(base.version());
              return new Conflict(
                  held.path(), base.version(), here, held.version(), held.sequence());
            })
        .toList();
  }

  @Override
  public void close() {
    database.close();
  }
}
