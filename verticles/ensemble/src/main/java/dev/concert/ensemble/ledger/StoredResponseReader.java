package dev.concert.ensemble.ledger;

import dev.concert.ensemble.ledger.report.LedgerRow;
import dev.concert.foundation.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds and deletes stored responses, on a connection of its own beside the ledger's writer.
 *
 * <p>Thread-safe; every method blocks.
 */
public final class StoredResponseReader implements AutoCloseable {
  /** Rows deleted in one transaction, which blocks the writer. */
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

  private static final String FORGET_KEY =
      "DELETE FROM answers WHERE id IN (SELECT id FROM answers WHERE key_id = ? LIMIT "
          + STEP
          + ")";

  private static final String OWNERS = "SELECT DISTINCT key_id FROM answers";

  private final SqliteDatabase database;

  StoredResponseReader(Path file) {
    this.database = SqliteDatabase.open(file, LedgerFile.SCHEMAS);
  }

  /**
   * A stored response and its call.
   *
   * @param body the bytes that were given to the ledger
   */
  public record Found(LedgerRow call, byte[] body) {}

  /** Finds the newest response of a key with this request id. */
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
   * Deletes responses that ended before an instant, and the oldest ones over a number of bytes.
   *
   * @return how many were deleted
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

  /** Everybody of whom a response is stored. */
  public List<String> owners() {
    return database.read(
        connection -> {
          List<String> owners = new ArrayList<>();
          try (PreparedStatement select = connection.prepareStatement(OWNERS);
              ResultSet row = select.executeQuery()) {
            while (row.next()) {
              owners.add(row.getString(1));
            }
          }
          return owners;
        });
  }

  /** Deletes all responses of a key. */
  public void forgetOwner(String keyId) {
    int some;
    do {
      some =
          database.write(
              connection -> {
                try (PreparedStatement delete = connection.prepareStatement(FORGET_KEY)) {
                  delete.setString(1, keyId);
                  return delete.executeUpdate();
                }
              });
    } while (some > 0);
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
