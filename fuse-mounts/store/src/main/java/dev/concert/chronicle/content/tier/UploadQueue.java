package dev.concert.chronicle.content.tier;

import dev.concert.foundation.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Which blobs have to be sent, and which were. Thread-safe, also between processes; blocks. */
final class UploadQueue implements AutoCloseable {
  private static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE blob (
            id INTEGER PRIMARY KEY,
            hash TEXT NOT NULL UNIQUE,
            sent INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0,
            due INTEGER NOT NULL
          );
          CREATE INDEX blob_due ON blob (due, id) WHERE sent = 0;
          CREATE TABLE walk (finished INTEGER NOT NULL);
          """);
  private static final String ANNOUNCE =
      "INSERT INTO blob (hash, due) VALUES (?, ?)"
          + " ON CONFLICT (hash) DO UPDATE SET due = excluded.due WHERE sent = 0";
  private static final String REMEMBER =
      "INSERT INTO blob (hash, due) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING";
  private static final String CLAIM =
      "UPDATE blob SET attempts = attempts + 1, due = ? WHERE id ="
          + " (SELECT id FROM blob WHERE sent = 0 AND due <= ? ORDER BY due, id LIMIT 1)"
          + " RETURNING hash, attempts, due";
  private static final String SENT = "UPDATE blob SET sent = 1 WHERE hash = ?";
  // Who claimed or announced it meanwhile changed the due time, and decides.
  private static final String RETRY =
      "UPDATE blob SET due = ?, attempts = attempts - ? WHERE hash = ? AND due = ? AND sent = 0";
  private static final String FORGET = "DELETE FROM blob WHERE hash = ? AND due = ? AND sent = 0";
  private static final String IS_SENT = "SELECT 1 FROM blob WHERE hash = ? AND sent = 1";
  private static final String WAITING = "SELECT COUNT(*) FROM blob WHERE sent = 0";
  private static final String NEXT = "SELECT MIN(due) FROM blob WHERE sent = 0";
  private static final String WALKED = "SELECT 1 FROM walk";

  /**
   * A blob that one sender has for a while.
   *
   * @param attempts how many senders had it, this one included
   * @param due until when, Unix milliseconds
   */
  record Claim(String hash, int attempts, long due) {}

  private final SqliteDatabase database;
  private final InstantSource clock;
  private final Duration settle;
  private final Duration lease;

  private UploadQueue(
      SqliteDatabase database, InstantSource clock, Duration settle, Duration lease) {
    this.database = database;
    this.clock = clock;
    this.settle = settle;
    this.lease = lease;
  }

  /**
   * @param settle how long an announced blob is left alone, so that it can get its name
   * @param lease how long a sender has it; after that it is taken for dead
   */
  static UploadQueue open(Path file, InstantSource clock, Duration settle, Duration lease) {
    return new UploadQueue(SqliteDatabase.open(file, MIGRATIONS), clock, settle, lease);
  }

  /** The blob is about to be kept. */
  void announce(String hash) {
    change(ANNOUNCE, hash, clock.millis() + settle.toMillis());
  }

  /** Enters blobs that were kept before there was a queue. */
  void remember(List<String> hashes) {
    database.write(
        connection -> {
          for (String hash : hashes) {
            try (PreparedStatement insert =
                with(connection, REMEMBER, hash, clock.millis() + settle.toMillis())) {
              insert.executeUpdate();
            }
          }
          return hashes.size();
        });
  }

  /** Whether all blobs that were kept before there was a queue are in it. */
  boolean isWalked() {
    return exists(WALKED);
  }

  void walked() {
    change("INSERT INTO walk (finished) VALUES (?)", clock.millis());
  }

  /** The next blob that is due; it is due again when the lease ends. */
  Optional<Claim> claim() {
    long now = clock.millis();
    return database.write(
        connection -> {
          try (PreparedStatement claim = with(connection, CLAIM, now + lease.toMillis(), now);
              ResultSet row = claim.executeQuery()) {
            return row.next()
                ? Optional.of(new Claim(row.getString(1), row.getInt(2), row.getLong(3)))
                : Optional.empty();
          }
        });
  }

  /** The object store has it. */
  void sent(Claim claim) {
    change(SENT, claim.hash());
  }

  /** It has to be tried again after a pause. */
  void retry(Claim claim, Duration pause) {
    change(RETRY, clock.millis() + pause.toMillis(), 0, claim.hash(), claim.due());
  }

  /** The same, but nothing was tried. */
  void giveBack(Claim claim, Duration pause) {
    change(RETRY, clock.millis() + pause.toMillis(), 1, claim.hash(), claim.due());
  }

  /** There is no such blob any more. */
  void forget(Claim claim) {
    change(FORGET, claim.hash(), claim.due());
  }

  boolean isSent(String hash) {
    return exists(IS_SENT, hash);
  }

  long waiting() {
    return number(WAITING);
  }

  /** How long until a blob is due; zero where one is, an hour at most. */
  Duration untilNext() {
    long due = number(NEXT);
    long longest = Duration.ofHours(1).toMillis();
    return Duration.ofMillis(due == 0 ? longest : Math.clamp(due - clock.millis(), 0, longest));
  }

  private long number(String sql) {
    return database.read(
        connection -> {
          try (PreparedStatement query = with(connection, sql);
              ResultSet row = query.executeQuery()) {
            return row.getLong(1);
          }
        });
  }

  private boolean exists(String sql, Object... parameters) {
    return database.read(
        connection -> {
          try (PreparedStatement query = with(connection, sql, parameters);
              ResultSet row = query.executeQuery()) {
            return row.next();
          }
        });
  }

  private void change(String sql, Object... parameters) {
    database.write(
        connection -> {
          try (PreparedStatement change = with(connection, sql, parameters)) {
            return change.executeUpdate();
          }
        });
  }

  private static PreparedStatement with(Connection connection, String sql, Object... parameters)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  @Override
  public void close() {
    database.close();
  }
}
