package dev.concert.chronicle.replication.replica.state;

import dev.concert.chronicle.replication.wire.PathVersion;
import dev.concert.foundation.sqlite.SqliteDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Local writes that the master has not taken yet: the latest of each path. Thread-safe; every
 * method blocks.
 */
public final class WriteJournal {
  private static final String NEXT =
      "SELECT * FROM write_journal AS mine WHERE parked = 0 AND sent_hash IS NULL ORDER BY CASE"
          + " WHEN content_hash = '' THEN CASE WHEN EXISTS (SELECT 1 FROM write_journal AS other"
          + " WHERE other.filepath > mine.filepath || '/' AND other.filepath < mine.filepath || '0'"
          + " AND other.content_hash <> '') THEN 0 ELSE 2 END"
          + " ELSE CASE WHEN EXISTS (SELECT 1 FROM write_journal AS other"
          + " WHERE other.filepath > mine.filepath || '/' AND other.filepath < mine.filepath || '0'"
          + " AND other.content_hash = '') THEN 3 ELSE 1 END END, local_seq";

  private final SqliteDatabase database;

  WriteJournal(SqliteDatabase database) {
    this.database = database;
  }

  public Optional<LocalWrite> find(String path) {
    return database.read(
        connection ->
            Sql.first(
                connection,
                WriteJournal::write,
                "SELECT * FROM write_journal WHERE filepath = ?",
                path));
  }

  private static LocalWrite write(ResultSet row) throws SQLException {
    String sentHash = row.getString("sent_hash");
    return new LocalWrite(
        row.getLong("local_seq"),
        row.getString("filepath"),
        Sql.version(row),
        row.getLong("master_rowid_seen"),
        sentHash == null
            ? Optional.empty()
            : Optional.of(
                new PathVersion(
                    sentHash, row.getLong("sent_size"), row.getInt("sent_permissions"))),
        row.getBoolean("parked"),
        Sql.signature(row));
  }

  /**
   * Enters a version under a new number, in place of the one that was there. Numbers only grow:
   * AUTOINCREMENT never gives one twice.
   */
  public LocalWrite enter(LocalWrite write) {
    return database.write(
        connection -> {
          drop(connection, write.path());
          Sql.change(
              connection,
              "INSERT INTO write_journal (filepath, content_hash, size, permissions,"
                  + " master_rowid_seen, sent_hash, sent_size, sent_permissions, parked,"
                  + " seen_size, seen_modified, seen_inode)"
                  + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
              write.path(),
              write.version().hash(),
              write.version().size(),
              write.version().permissions(),
              write.masterRowidSeen(),
              write.sent().map(PathVersion::hash).orElse(null),
              write.sent().map(PathVersion::size).orElse(null),
              write.sent().map(PathVersion::permissions).orElse(null),
              write.parked() ? 1 : 0,
              Sql.size(write.signature()),
              Sql.modified(write.signature()),
              Sql.inode(write.signature()));
          return Sql.first(
                  connection,
                  WriteJournal::write,
                  "SELECT * FROM write_journal WHERE filepath = ?",
                  write.path())
              .orElseThrow();
        });
  }

  public void drop(String path) {
    database.write(connection -> drop(connection, path));
  }

  public static int drop(Connection connection, String path) throws SQLException {
    return Sql.change(connection, "DELETE FROM write_journal WHERE filepath = ?", path);
  }

  /** It is known what became of the version that was sent. */
  public static int settled(Connection connection, String path) throws SQLException {
    return Sql.change(
        connection,
        "UPDATE write_journal SET sent_hash = NULL, sent_size = NULL, sent_permissions = NULL"
            + " WHERE filepath = ?",
        path);
  }

  public void settled(String path) {
    database.write(connection -> settled(connection, path));
  }

  public static int park(Connection connection, String path, boolean parked) throws SQLException {
    return Sql.change(
        connection, "UPDATE write_journal SET parked = ? WHERE filepath = ?", parked ? 1 : 0, path);
  }

  public void park(String path) {
    database.write(connection -> park(connection, path, true));
  }

  /** Nothing that was sent before can still become anything. */
  public void settleAll() {
    database.write(
        connection ->
            Sql.change(
                connection,
                "UPDATE write_journal SET sent_hash = NULL, sent_size = NULL,"
                    + " sent_permissions = NULL WHERE sent_hash IS NOT NULL"));
  }

  /**
   * What waits to be sent; marks it as sent. Deletions come last, but a file that gives way to a
   * folder goes first, and a file that takes the place of a folder comes after what was in that.
   *
   * @param isReady whether the write of a path can be made now
   */
  public List<LocalWrite> send(int limit, Predicate<String> isReady) {
    return database.write(
        connection -> {
          List<LocalWrite> batch =
              Sql.some(connection, WriteJournal::write, limit, w -> isReady.test(w.path()), NEXT);
          for (LocalWrite write : batch) {
            Sql.change(
                connection,
                "UPDATE write_journal SET sent_hash = content_hash, sent_size = size,"
                    + " sent_permissions = permissions WHERE local_seq = ?",
                write.localSeq());
          }
          return batch;
        });
  }

  /** How many wait to be sent, or for the answer. */
  public long waiting() {
    return database.read(
        connection ->
            Sql.first(
                    connection,
                    row -> row.getLong(1),
                    "SELECT COUNT(*) FROM write_journal WHERE parked = 0")
                .orElse(0L));
  }

  /** Whether none of these waits to be sent, or for the answer. */
  public boolean isIdle(Predicate<String> paths) {
    return database
        .read(
            connection ->
                Sql.some(
                    connection,
                    row -> row.getString(1),
                    1,
                    paths,
                    "SELECT filepath FROM write_journal WHERE parked = 0"))
        .isEmpty();
  }

  /** Paths of which a version with this content was sent. */
  public List<String> sent(String hash) {
    return database.read(
        connection ->
            Sql.all(
                connection,
                row -> row.getString(1),
                "SELECT filepath FROM write_journal WHERE sent_hash = ?",
                hash));
  }

  /** What every path with a local write is, also of those that wait for a decision. */
  public Map<String, PathVersion> versions() {
    return database
        .read(
            connection ->
                Sql.all(
                    connection,
                    row -> Map.entry(row.getString("filepath"), Sql.version(row)),
                    "SELECT filepath, content_hash, size, permissions FROM write_journal"))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Every path with a local write, also those that wait for a decision. */
  public List<String> paths() {
    return database.read(
        connection ->
            Sql.all(connection, row -> row.getString(1), "SELECT filepath FROM write_journal"));
  }
}
