package dev.concert.chronicle.journal;

import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of files. */
final class FileHeads {
  private static final String COLUMNS =
      "SELECT id, path, number, live, kind, mode, size, hash, seen_size, seen_modified, seen_inode"
          + " FROM file ";
  private static final String BY_PATH = COLUMNS + "WHERE path = ?";
  private static final String LIVE = COLUMNS + "WHERE live = 1";
  // '0' is the character after '/', so the range is exactly what lies below the folder.
  private static final String LIVE_BELOW =
      COLUMNS + "WHERE live = 1 AND path >= ? || '/' AND path < ? || '0' ORDER BY path";
  private static final String NAMES =
      COLUMNS + "WHERE live = 1 AND seen_inode = ? AND seen_inode <> 0 AND path <> ?";
  private static final String INSERT =
      "INSERT INTO file (path, number, live, kind, mode, size, hash, seen_size, seen_modified,"
          + " seen_inode, origin, origin_number) VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          + " RETURNING id";
  private static final String UPDATE =
      "UPDATE file SET number = ?, live = ?, kind = ?, mode = ?, size = ?, hash = ?, seen_size = ?,"
          + " seen_modified = ?, seen_inode = ? WHERE id = ?";

  private final PreparedStatements statements;

  FileHeads(PreparedStatements statements) {
    this.statements = statements;
  }

  Optional<FileHead> find(Connection connection, String path) throws SQLException {
    try (ResultSet rows = statements.with(connection, BY_PATH, path).executeQuery()) {
      return rows.next() ? Optional.of(head(rows)) : Optional.empty();
    }
  }

  List<FileHead> live(Connection connection) throws SQLException {
    return all(statements.with(connection, LIVE).executeQuery());
  }

  List<FileHead> liveBelow(Connection connection, String folder) throws SQLException {
    return folder.isEmpty()
        ? live(connection)
        : all(statements.with(connection, LIVE_BELOW, folder, folder).executeQuery());
  }

  /** The other paths that are there and were the same file when they were recorded last. */
  List<FileHead> otherNames(Connection connection, String path, long inode) throws SQLException {
    return all(statements.with(connection, NAMES, inode, path).executeQuery());
  }

  private static List<FileHead> all(ResultSet rows) throws SQLException {
    try (rows) {
      List<FileHead> heads = new ArrayList<>();
      while (rows.next()) {
        heads.add(head(rows));
      }
      return heads;
    }
  }

  private static FileHead head(ResultSet row) throws SQLException {
    return new FileHead(
        row.getLong(1),
        row.getString(2),
        row.getLong(3),
        row.getInt(4) == 1,
        Kind.of(row.getInt(5)),
        row.getInt(6),
        row.getLong(7),
        row.getString(8),
        new Signature(row.getLong(9), row.getLong(10), row.getLong(11)));
  }

  /** Adds a path that was never there; answers with its id. The head's own id is not looked at. */
  long insert(Connection connection, FileHead head, Optional<FileHead> origin) throws SQLException {
    try (ResultSet row =
        statements
            .with(
                connection,
                INSERT,
                head.path(),
                head.number(),
                head.kind().ordinal(),
                head.mode(),
                head.size(),
                head.hash(),
                head.signature().size(),
                head.signature().modifiedNanos(),
                head.signature().inode(),
                origin.map(FileHead::file).orElse(null),
                origin.map(FileHead::number).orElse(null))
            .executeQuery()) {
      return row.getLong(1);
    }
  }

  void update(Connection connection, FileHead head) throws SQLException {
    statements
        .with(
            connection,
            UPDATE,
            head.number(),
            head.live() ? 1 : 0,
            head.kind().ordinal(),
            head.mode(),
            head.size(),
            head.hash(),
            head.signature().size(),
            head.signature().modifiedNanos(),
            head.signature().inode(),
            head.file())
        .executeUpdate();
  }
}
