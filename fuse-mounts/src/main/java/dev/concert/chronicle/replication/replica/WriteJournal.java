package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.replication.wire.Version;
import dev.concert.foundation.sqlite.SqliteDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Local writes that the master has not taken yet: the latest of each path. Thread-safe; every
 * method blocks.
 */
final class WriteJournal {
  private final SqliteDatabase database;

  WriteJournal(SqliteDatabase database) {
    this.database = database;
  }

  Optional<LocalWrite> find(String path) {
    return database.read(
        connection ->
            Rows.first(
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
        Rows.version(row),
        row.getLong("master_rowid_seen"),
        sentHash == null
            ? Optional.empty()
            : Optional.of(
                new Version(sentHash, row.getLong("sent_size"), row.getInt("sent_permissions"))),
        row.getBoolean("parked"),
        Rows.signature(row));
  }

  /**
   * Enters a version under a new number, in place of the one that was there. Numbers only grow:
   * AUTOINCREMENT never gives one twice.
   */
  LocalWrite enter(LocalWrite write) {
    return database.write(
        connection -> {
          drop(connection, write.path());
          Rows.change(
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
              write.sent().map(Version::hash).orElse(null),
              write.sent().map(Version::size).orElse(null),
              write.sent().map(Version::permissions).orElse(null),
              write.parked() ? 1 : 0,
              Rows.size(write.signature()),
              Rows.modified(write.signature()),
              Rows.inode(write.signature()));
          return Rows.first(
                  connection,
                  WriteJournal::write,
                  "SELECT * FROM write_journal WHERE filepath = ?",
                  write.path())
              .orElseThrow();
        });
  }

  void drop(String path) {
    database.write(connection -> drop(connection, path));
  }

  static int drop(Connection connection, String path) throws SQLException {
    return Rows.change(connection, "DELETE FROM write_journal WHERE filepath = ?", path);
  }

  /** It is known what became of the version that was sent. */
  static int settled(Connection connection, String path) throws SQLException {
    return Rows.change(
        connection,
        "UPDATE write_journal SET sent_hash = NULL, sent_size = NULL, sent_permissions = NULL"
            + " WHERE filepath = ?",
        path);
  }

  void settled(String path) {
    database.write(connection -> settled(connection, path));
  }

  static int park(Connection connection, String path, boolean parked) throws SQLException {
    return Rows.change(
        connection, "UPDATE write_journal SET parked = ? WHERE filepath = ?", parked ? 1 : 0, path);
  }

  void park(String path) {
    database.write(connection -> park(connection, path, true));
  }

  /** Nothing that was sent before can still become anything. */
  void settleAll() {
    database.write(
        connection ->
            Rows.change(
                connection,
                "UPDATE write_journal SET sent_hash = NULL, sent_size = NULL,"
                    + " sent_permissions = NULL WHERE sent_hash IS NOT NULL"));
  }

  /** What waits to be sent, deletions last; marks it as sent. */
  List<LocalWrite> send(int limit) {
    return database.write(
        connection -> {
          List<LocalWrite> batch =
              Rows.all(
                  connection,
                  WriteJournal::write,
                  "SELECT * FROM write_journal WHERE parked = 0 AND sent_hash IS NULL"
                      + " ORDER BY content_hash = '', local_seq LIMIT ?",
                  limit);
          for (LocalWrite write : batch) {
            Rows.change(
                connection,
                "UPDATE write_journal SET sent_hash = content_hash, sent_size = size,"
                    + " sent_permissions = permissions WHERE local_seq = ?",
                write.localSeq());
          }
          return batch;
        });
  }

  /** How many wait to be sent, or for the answer. */
  long waiting() {
    return database.read(
        connection ->
            Rows.first(
                    connection,
                    row -> row.getLong(1),
                    "SELECT COUNT(*) FROM write_journal WHERE parked = 0")
                .orElse(0L));
  }

  /** Paths of which a version with this content was sent. */
  List<String> sent(String hash) {
    return database.read(
        connection ->
            Rows.all(
                connection,
                row -> row.getString(1),
                "SELECT filepath FROM write_journal WHERE sent_hash = ?",
                hash));
  }

  /** Every path with a local write, also those that wait for a decision. */
  List<String> paths() {
    return database.read(
        connection ->
            Rows.all(connection, row -> row.getString(1), "SELECT filepath FROM write_journal"));
  }
}
