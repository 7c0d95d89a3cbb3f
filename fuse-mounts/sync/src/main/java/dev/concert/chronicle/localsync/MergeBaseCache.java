package dev.concert.chronicle.localsync;

import com.github.luben.zstd.Zstd;
import dev.concert.chronicle.content.ContentHash;
import dev.concert.foundation.sqlite.SqliteDatabase;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Optional;
import org.eclipse.jgit.diff.RawText;

/**
 * Texts that files had, by hash: the common ground of a merge. Bounded: the ones that were used
 * longest ago go first, and then their files cannot be merged. Thread-safe; every method blocks.
 */
final class MergeBaseCache {
  /** Longest text that is kept, and so merged. Bytes. */
  static final int LONGEST = 1024 * 1024;

  private static final long MOST_BYTES = 256L * 1024 * 1024;
  private static final int LEVEL = 1;
  private static final String KEEP =
      "INSERT INTO base_text (hash, size, text, used) VALUES (?, ?, ?,"
          + " (SELECT COALESCE(MAX(used), 0) + 1 FROM base_text))"
          + " ON CONFLICT (hash) DO UPDATE SET used = excluded.used";
  private static final String SHRINK =
      "DELETE FROM base_text WHERE used <= (SELECT used FROM (SELECT used, SUM(LENGTH(text))"
          + " OVER (ORDER BY used DESC) AS bytes FROM base_text) WHERE bytes > ?"
          + " ORDER BY used DESC LIMIT 1)";

  private final SqliteDatabase database;

  MergeBaseCache(SqliteDatabase database) {
    this.database = database;
  }

  /** Does nothing with what is too long, or no text. */
  void keep(byte[] text) {
    if (text.length > LONGEST || RawText.isBinary(text)) {
      return;
    }
    String hash = ContentHash.of(text);
    byte[] packed = Zstd.compress(text, LEVEL);
    database.write(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(KEEP)) {
            statement.setString(1, hash);
            statement.setInt(2, text.length);
            statement.setBytes(3, packed);
            return statement.executeUpdate();
          }
        });
  }

  Optional<byte[]> find(String hash) {
    return database.read(
        connection -> {
          try (PreparedStatement statement =
              connection.prepareStatement("SELECT text, size FROM base_text WHERE hash = ?")) {
            statement.setString(1, hash);
            ResultSet row = statement.executeQuery();
            return row.next()
                ? Optional.of(Zstd.decompress(row.getBytes(1), row.getInt(2)))
                : Optional.empty();
          }
        });
  }

  /** Lets go of what is over the bound. */
  void shrink() {
    shrink(MOST_BYTES);
  }

  void shrink(long bytes) {
    database.write(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(SHRINK)) {
            statement.setLong(1, bytes);
            return statement.executeUpdate();
          }
        });
  }
}
