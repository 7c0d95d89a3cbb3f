package dev.concert.bridges.member;

import dev.concert.bridge.BridgeMessages.PairingCode;
import dev.concert.foundation.lease.FencedDatabase;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The people of a tenant's chats who have said which members they are. A code is for one use and
 * {@value #MINUTES} minutes; its hash is stored.
 */
public final class ChatMembers {
  /** To be run once on the database. */
  public static final String SCHEMA =
      """
      CREATE TABLE chat_members (
        connection_id TEXT NOT NULL,
        sender TEXT NOT NULL,
        user_id TEXT NOT NULL,
        paired_ms INTEGER NOT NULL,
        PRIMARY KEY (connection_id, sender)
      ) WITHOUT ROWID;
      CREATE TABLE pairing_codes (
        hash TEXT PRIMARY KEY,
        user_id TEXT NOT NULL,
        expires_ms INTEGER NOT NULL
      ) WITHOUT ROWID;
      """;

  /** To be run after {@link #SCHEMA}. */
  public static final String DIRECT_CHATS =
      """
      ALTER TABLE chat_members ADD COLUMN direct_chat TEXT;
      CREATE INDEX chat_members_of ON chat_members (user_id, paired_ms);
      """;

  private static final int MINUTES = 10;

  /** Without those that look like others. */
  private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

  private static final int LENGTH = 10;

  private final FencedDatabase database;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  public ChatMembers(FencedDatabase database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** A new code of a member; codes that are over are forgotten. */
  public Future<PairingCode> createCode(String userId) {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < LENGTH; i++) {
      code.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    long expires = clock.instant().plus(Duration.ofMinutes(MINUTES)).toEpochMilli();
    return database
        .update("DELETE FROM pairing_codes WHERE expires_ms < ?", Tuple.of(clock.millis()))
        .compose(
            _ ->
                database.update(
                    "INSERT INTO pairing_codes VALUES (?, ?, ?)",
                    Tuple.of(hash(code.toString()), userId, expires)))
        .map(_ -> new PairingCode(code.toString(), expires));
  }

  /**
   * A person sends a code: it is used up.
   *
   * @return the member that the person is from now on; empty where the code is not, or no longer,
   *     one
   */
  public Future<Optional<String>> pair(String connectionId, String sender, String code) {
    String hash = hash(code);
    return database.change(
        connection ->
            connection
                .preparedQuery(
                    "SELECT user_id FROM pairing_codes WHERE hash = ? AND expires_ms >= ?")
                .execute(Tuple.of(hash, clock.millis()))
                .compose(
                    rows -> {
                      for (Row row : rows) {
                        String userId = row.getString(0);
                        return connection
                            .preparedQuery("DELETE FROM pairing_codes WHERE hash = ?")
                            .execute(Tuple.of(hash))
                            .compose(
                                _ ->
                                    connection
                                        .preparedQuery(
                                            "INSERT OR REPLACE INTO chat_members"
                                                + " (connection_id, sender, user_id, paired_ms)"
                                                + " VALUES (?, ?, ?, ?)")
                                        .execute(
                                            Tuple.of(connectionId, sender, userId, clock.millis())))
                            .map(_ -> Optional.of(userId));
                      }
                      return Future.succeededFuture(Optional.empty());
                    }));
  }

  /** The member that a person is; empty for a stranger. */
  public Future<Optional<String>> find(String connectionId, String sender) {
    return database
        .query(
            "SELECT user_id FROM chat_members WHERE connection_id = ? AND sender = ?",
            Tuple.of(connectionId, sender))
        .map(
            rows -> {
              for (Row row : rows) {
                return Optional.of(row.getString(0));
              }
              return Optional.empty();
            });
  }

  /**
   * Where a member and the bot are alone.
   *
   * @param conversation of the platform
   */
  public record DirectChat(String connectionId, String conversation) {}

  /** A person spoke to the bot where nobody else is. Nothing happens where it is a stranger. */
  public Future<Void> spokeIn(String connectionId, String sender, String conversation) {
    return database
        .query(
            "SELECT 1 FROM chat_members WHERE connection_id = ? AND sender = ?"
                + " AND direct_chat IS NOT ?",
            Tuple.of(connectionId, sender, conversation))
        .compose(
            changed ->
                changed.size() == 0
                    ? Future.succeededFuture()
                    : database
                        .update(
                            "UPDATE chat_members SET direct_chat = ?"
                                + " WHERE connection_id = ? AND sender = ?",
                            Tuple.of(conversation, connectionId, sender))
                        .mapEmpty());
  }

  /** Where a member can be told something; that of the newest pairing comes first. */
  public Future<List<DirectChat>> directChats(String userId) {
    return database
        .query(
            "SELECT connection_id, direct_chat FROM chat_members"
                + " WHERE user_id = ? AND direct_chat IS NOT NULL ORDER BY paired_ms DESC",
            Tuple.of(userId))
        .map(
            rows -> {
              List<DirectChat> chats = new ArrayList<>();
              rows.forEach(row -> chats.add(new DirectChat(row.getString(0), row.getString(1))));
              return chats;
            });
  }

  private static String hash(String code) {
    try {
      byte[] bytes = code.strip().toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("Every Java platform has SHA-256", e);
    }
  }
}
