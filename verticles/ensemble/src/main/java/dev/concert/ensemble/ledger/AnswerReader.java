package dev.concert.ensemble.ledger;

import dev.concert.foundation.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.Optional;

/**
 * Finds and forgets kept answers, beside whoever writes them.
 *
 * <p>Thread-safe; every method blocks.
 */
public final class AnswerReader implements AutoCloseable {
  /** So many are forgotten in one transaction, which holds the writer up. */
  private static final int STEP = 200;

  private static final String FIND =
      "SELECT c.*, a.body FROM calls c LEFT JOIN answers a ON a.id = c.id WHERE c.id ="
          + " (SELECT MAX(id) FROM answers WHERE request_id = ? AND key_id = ?)";

  private static final String FORGET_OLD =
      "DELETE FROM answers WHERE id IN (SELECT a.id FROM answers a JOIN calls c ON c.id = a.id"
          + " WHERE c.ended_ms < ? LIMIT "
          + STEP
          + ")";

  private static final String FORGET_OVER =
      "DELETE FROM answers WHERE id IN (SELECT id FROM (SELECT id, SUM(bytes) OVER (ORDER BY id"
          + " DESC) AS sum FROM answers) WHERE sum > ? LIMIT "
          + STEP
          + ")";

  private final SqliteDatabase database;

  AnswerReader(Path file) {
    this.database = SqliteDatabase.open(file, LedgerFile.SCHEMAS);
  }

  /**
   * An answer and the call it is of.
   *
   * @param body as it was given to the ledger
   */
  public record Found(LedgerRow call, byte[] body) {}

  /** The newest one of a key with this request id. */
  public Optional<Found> find(String keyId, String requestId) {
    return database.read(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(FIND)) {
            select.setString(1, requestId);
            select.setString(2, keyId);
            try (ResultSet row = select.executeQuery()) {
              return row.next()
                  ? Optional.of(new Found(LedgerRow.of(row), row.getBytes("body")))
                  : Optional.empty();
            }
          }
        });
  }

  /**
   * Forgets answers that ended before a moment, and the oldest ones over a number of bytes.
   *
   * @return how many
   */
  public int forget(Instant before, long mostBytes) {
    int all = 0;
    int some;
    do {
      some = delete(FORGET_OLD, before.toEpochMilli()) + delete(FORGET_OVER, mostBytes);
      all += some;
    } while (some > 0);
    return all;
  }

  private int delete(String sql, long limit) {
    return database.write(
        connection -> {
          try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setLong(1, limit);
            return delete.executeUpdate();
          }
        });
  }

  @Override
  public void close() {
    database.close();
  }
}
