package dev.concert.chronicle.replication.replica.state;

import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.wire.PathVersion;
import dev.concert.foundation.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What a replica remembers. Each method is one transaction, so that a killed replica is always
 * between two of them. Thread-safe; every method blocks.
 */
public final class ReplicaState implements AutoCloseable {
  public static final String FILE = "replica.db";

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
  private final Undelivered undelivered;
  private final LeftOut leftOut;
  private long resync;
  private volatile Optional<Obstacles> obstacles = Optional.empty();

  private ReplicaState(SqliteDatabase database) {
    this.database = database;
    this.writes = new WriteJournal(database);
    this.folders = new FolderMemory(database);
    this.undelivered = new Undelivered(database, this::forgetObstacles);
    this.leftOut = new LeftOut(database);
  }

  public static ReplicaState open(Path folder) {
    return new ReplicaState(SqliteDatabase.open(folder.resolve(FILE), ReplicaSchema.MIGRATIONS));
  }

  public WriteJournal writes() {
    return writes;
  }

  public FolderMemory folders() {
    return folders;
  }

  public Undelivered undelivered() {
    return undelivered;
  }

  public LeftOut leftOut() {
    return leftOut;
  }

  /** Which local writes have to wait. */
  public Obstacles obstacles() {
    Optional<Obstacles> known = obstacles;
    if (known.isPresent()) {
      return known.get();
    }
    NavigableSet<String> here = new TreeSet<>();
    NavigableSet<String> around = new TreeSet<>();
    held().stream()
        .filter(held -> !held.version().isDeleted())
        .forEach(held -> around.add(held.path()));
    for (Undelivered.Entry entry : undelivered.all()) {
      here.add(entry.path());
      around.add(entry.path());
    }
    Obstacles found = new Obstacles(here, around);
    obstacles = Optional.of(found);
    return found;
  }

  private void forgetObstacle(String path) {
    if (obstacles.filter(known -> !known.has(path)).isEmpty()) {
      forgetObstacles();
    }
  }

  private void forgetObstacles() {
    obstacles = Optional.empty();
  }

  /** Everything up to this iteration of the workspace is in the files. */
  public long position() {
    return database.read(
        connection ->
            Sql.first(connection, row -> row.getLong(1), "SELECT sequence FROM position")
                .orElse(0L));
  }

  public void position(long sequence) {
    database.write(
        connection -> Sql.change(connection, "UPDATE position SET sequence = ?", sequence));
  }

  public CommonAncestor base(String path) {
    return database.read(
        connection ->
            Sql.first(
                    connection,
                    row ->
                        new CommonAncestor(
                            row.getLong("sequence"), Sql.version(row), Sql.signature(row)),
                    "SELECT * FROM base WHERE filepath = ?",
                    path)
                .orElse(CommonAncestor.NONE));
  }

  /** The base alone changes; a local write that there is stays. */
  public void base(String path, CommonAncestor base) {
    database.write(connection -> put(connection, path, base));
  }

  /** Both sides have the same: no local write and no conflict is left. */
  public void agree(String path, CommonAncestor base) {
    database.write(
        connection -> {
          put(connection, path, base);
          WriteJournal.drop(connection, path);
          return Sql.change(connection, "DELETE FROM conflict WHERE filepath = ?", path);
        });
    forgetObstacle(path);
  }

  /**
   * The master has a version of ours, older than the local write that is waiting.
   *
   * @param base what it took
   */
  public void arrived(String path, CommonAncestor base) {
    database.write(
        connection -> {
          put(connection, path, base);
          return WriteJournal.settled(connection, path);
        });
  }

  private int put(Connection connection, String path, CommonAncestor base) throws SQLException {
    return Sql.change(
        connection,
        PUT_BASE,
        path,
        base.sequence(),
        base.version().hash(),
        base.version().size(),
        base.version().permissions(),
        Sql.size(base.signature()),
        Sql.modified(base.signature()),
        Sql.inode(base.signature()),
        resync);
  }

  /** Every path that both sides had. */
  public List<String> paths() {
    return database.read(
        connection ->
            Sql.all(
                connection,
                row -> row.getString(1),
                "SELECT filepath FROM base WHERE content_hash <> ''"));
  }

  /** From now on is noted which paths the workspace still has. */
  public void beginResync() {
    resync =
        database.read(
            connection ->
                Sql.first(
                        connection,
                        row -> row.getLong(1) + 1,
                        "SELECT COALESCE(MAX(resync), 0) FROM base")
                    .orElse(1L));
  }

  /** Forgets of which iteration the bases are: the workspace was set back. */
  public void forgetSequences() {
    database.write(connection -> Sql.change(connection, "UPDATE base SET sequence = 0"));
  }

  /** The path is still there. */
  public void confirm(String path) {
    database.write(
        connection ->
            Sql.change(connection, "UPDATE base SET resync = ? WHERE filepath = ?", resync, path));
  }

  /**
   * Paths that the workspace had, as both sides knew or as a conflict says, and that were not named
   * since the resync began.
   */
  public List<String> unconfirmed() {
    return database.read(
        connection ->
            Sql.all(
                connection,
                row -> row.getString(1),
                "SELECT filepath FROM base WHERE resync <> ? AND (content_hash <> '' OR filepath IN"
                    + " (SELECT filepath FROM conflict WHERE content_hash <> ''))",
                resync));
  }

  /** The path waits for a decision. */
  public void hold(String path, CommonAncestor base, PathVersion upstream, long sequence) {
    database.write(
        connection -> {
          put(connection, path, base);
          WriteJournal.park(connection, path, true);
          return Sql.change(
              connection,
              "INSERT OR REPLACE INTO conflict (filepath, content_hash, size, permissions,"
                  + " sequence) VALUES (?, ?, ?, ?, ?)",
              path,
              upstream.hash(),
              upstream.size(),
              upstream.permissions(),
              sequence);
        });
    forgetObstacles();
  }

  /** The decision is to send the local version. */
  public void keepLocal(String path, CommonAncestor upstream) {
    database.write(
        connection -> {
          put(connection, path, upstream);
          WriteJournal.park(connection, path, false);
          WriteJournal.settled(connection, path);
          return Sql.change(connection, "DELETE FROM conflict WHERE filepath = ?", path);
        });
    forgetObstacle(path);
  }

  /**
   * Ends a conflict, if there is one: the workspace no longer has the version that it is about, and
   * nothing else against the local one.
   *
   * @return whether there was one
   */
  public boolean release(String path, CommonAncestor upstream) {
    boolean isHeld = held(path).isPresent();
    if (isHeld) {
      keepLocal(path, upstream);
    }
    return isHeld;
  }

  /** An upstream version that waits for a decision. */
  public record Held(String path, PathVersion version, long sequence) {}

  public List<Held> held() {
    return database.read(
        connection ->
            Sql.all(
                connection,
                row ->
                    new Held(row.getString("filepath"), Sql.version(row), row.getLong("sequence")),
                "SELECT * FROM conflict ORDER BY filepath"));
  }

  public Optional<Held> held(String path) {
    return held().stream().filter(held -> held.path().equals(path)).findFirst();
  }

  /** What waits for a decision, as it was looked at last. */
  public List<Conflict> conflicts() {
    return held().stream()
        .map(
            held -> {
              CommonAncestor base = base(held.path());
              PathVersion here =
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
