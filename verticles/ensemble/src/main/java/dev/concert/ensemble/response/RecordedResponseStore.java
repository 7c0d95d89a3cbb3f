package dev.concert.ensemble.response;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.foundation.sqlite.SqliteDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Responses that later requests refer to, each with its request, in a file of their own. They
 * belong to the caller whose key made them and do not exist for others.
 *
 * <p>Thread-safe; every method blocks.
 */
public final class RecordedResponseStore implements AutoCloseable {
  /** A longer chain of responses is not followed. */
  private static final int LONGEST_CHAIN = 2_000;

  private static final String SCHEMA =
      """
      CREATE TABLE responses (
        seq INTEGER PRIMARY KEY, owner TEXT NOT NULL, id TEXT NOT NULL, previous TEXT,
        created_ms INTEGER NOT NULL, bytes INTEGER NOT NULL, input TEXT NOT NULL,
        response TEXT NOT NULL, UNIQUE (owner, id)) STRICT;
      CREATE INDEX responses_by_age ON responses (created_ms);
      CREATE TABLE items (
        owner TEXT NOT NULL, id TEXT NOT NULL, response INTEGER NOT NULL
        REFERENCES responses (seq) ON DELETE CASCADE, PRIMARY KEY (owner, id)) STRICT;
      CREATE INDEX items_of_response ON items (response);
      """;

  /** Whose agents or keys made it; empty for a key of the configuration. */
  private static final String CUSTOMERS =
      "ALTER TABLE responses ADD COLUMN customer TEXT NOT NULL DEFAULT ''";

  /** Ids of all responses before it, one a line, the oldest first. */
  private static final String EARLIER =
      "ALTER TABLE responses ADD COLUMN earlier TEXT NOT NULL DEFAULT ''";

  private static final String BETWEEN = "\n";

  private static final String ORPHANED_ITEMS =
      "DELETE FROM items WHERE response NOT IN (SELECT seq FROM responses)";

  private static final String FIND =
      "SELECT previous, earlier, input, response FROM responses WHERE owner = ? AND id = ?";

  private static final String FIND_ITEM =
      "SELECT r.previous, r.earlier, r.input, r.response FROM items i JOIN responses r ON r.seq ="
          + " i.response WHERE i.owner = ? AND i.id = ?";

  private final Path file;
  private final boolean temporary;
  private final SqliteDatabase database;

  /** Opens the file beside the ledger; without one, a file that is deleted at the end. */
  public static RecordedResponseStore beside(Optional<Path> ledger) throws IOException {
    if (ledger.isEmpty()) {
      return new RecordedResponseStore(
          Files.createTempDirectory("ensemble").resolve("responses.db"), true);
    }
    Path file = ledger.get().resolveSibling(ledger.get().getFileName() + ".responses.db");
    takeOver(ledger.get().resolveSibling(ledger.get().getFileName() + ".responses"), file);
    return new RecordedResponseStore(file, false);
  }

  /** Renames the file of an earlier version, which no backup has. The file itself comes last. */
  private static void takeOver(Path earlier, Path file) throws IOException {
    if (Files.exists(earlier) && !Files.exists(file)) {
      for (String end : List.of("-wal", "-shm", "")) {
        Path from = earlier.resolveSibling(earlier.getFileName() + end);
        if (Files.exists(from)) {
          Files.move(from, file.resolveSibling(file.getFileName() + end));
        }
      }
    }
  }

  /**
   * @param temporary whether the file and its folder are deleted when the store is closed
   */
  public RecordedResponseStore(Path file, boolean temporary) {
    this.file = file;
    this.temporary = temporary;
    this.database = SqliteDatabase.open(file, List.of(SCHEMA, CUSTOMERS, EARLIER));
  }

  /**
   * Stores a response; one with the same id is replaced.
   *
   * @param customer who pays for its owner; may be empty
   */
  public void save(String owner, String customer, RecordedResponse conversation) {
    String input = ExactJson.text(conversation.input());
    String response = ExactJson.text(conversation.response());
    database.write(
        connection -> {
          delete(connection, owner, conversation.id());
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO responses (owner, id, previous, created_ms, bytes, input, response,"
                      + " customer, earlier) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, owner);
            insert.setString(2, conversation.id());
            insert.setString(3, conversation.previous().orElse(null));
            insert.setLong(4, System.currentTimeMillis());
            insert.setLong(5, (long) input.length() + response.length());
            insert.setString(6, input);
            insert.setString(7, response);
            insert.setString(8, customer);
            insert.setString(9, String.join(BETWEEN, conversation.earlier()));
            insert.executeUpdate();
          }
          long row = rowId(connection);
          try (PreparedStatement item =
              connection.prepareStatement("INSERT OR REPLACE INTO items VALUES (?, ?, ?)")) {
            for (String id : conversation.itemIds()) {
              item.setString(1, owner);
              item.setString(2, id);
              item.setLong(3, row);
              item.executeUpdate();
            }
          }
          return null;
        });
  }

  private static long rowId(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement("SELECT last_insert_rowid()");
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  public Optional<RecordedResponse> find(String owner, String id) {
    return database.read(connection -> one(connection, FIND, owner, id));
  }

  /** An item of a stored response. */
  public Optional<ObjectNode> item(String owner, String itemId) {
    return database
        .read(connection -> one(connection, FIND_ITEM, owner, itemId))
        .flatMap(found -> found.item(itemId));
  }

  /**
   * Everything that was said up to a response.
   *
   * @param withOutput whether the response's own output is part of it
   * @return empty if it, or one before it, is not stored any more
   */
  Optional<RecordedResponse.History> history(String owner, String id, boolean withOutput) {
    Deque<RecordedResponse> chain = new ArrayDeque<>();
    Optional<String> next = Optional.of(id);
    while (next.isPresent()) {
      Optional<RecordedResponse> found = find(owner, next.get());
      if (found.isEmpty() || chain.size() == LONGEST_CHAIN) {
        return Optional.empty();
      }
      chain.push(found.get());
      next = found.get().previous();
    }
    return Optional.of(RecordedResponse.History.of(chain, withOutput));
  }

  /**
   * A response that could not be sent to where it belongs.
   *
   * @param owner the id of the caller
   */
  record Waiting(String owner, String customer, RecordedResponse response) {}

  /** The oldest responses. */
  List<Waiting> oldest(int most) {
    return database.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement("SELECT * FROM responses ORDER BY seq LIMIT ?")) {
            select.setInt(1, most);
            List<Waiting> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                found.add(
                    new Waiting(row.getString("owner"), row.getString("customer"), response(row)));
              }
            }
            return found;
          }
        });
  }

  /** Whether there was one. */
  public boolean delete(String owner, String id) {
    return database.write(connection -> delete(connection, owner, id) > 0);
  }

  /** Deletes what was created before an instant, and the oldest over a number of bytes. */
  public void forget(Instant before, long mostBytes) {
    database.write(
        connection -> {
          run(connection, "DELETE FROM responses WHERE created_ms < ?", before.toEpochMilli());
          run(
              connection,
              "DELETE FROM responses WHERE seq IN (SELECT seq FROM (SELECT seq, SUM(bytes) OVER"
                  + " (ORDER BY seq DESC) AS sum FROM responses) WHERE sum > ?)",
              mostBytes);
          run(connection, ORPHANED_ITEMS);
          return null;
        });
  }

  /** Everybody who has stored something. */
  public List<String> owners() {
    return database.read(
        connection -> {
          List<String> owners = new ArrayList<>();
          try (PreparedStatement select =
                  connection.prepareStatement("SELECT DISTINCT owner FROM responses");
              ResultSet row = select.executeQuery()) {
            while (row.next()) {
              owners.add(row.getString(1));
            }
          }
          return owners;
        });
  }

  /** Deletes everything that this caller has stored. */
  public void forgetOwner(String owner) {
    forgetAll("DELETE FROM responses WHERE owner = ?", owner);
  }

  /** Deletes everything that the agents and keys of a tenant or customer have stored. */
  public void forgetCustomer(String customer) {
    forgetAll("DELETE FROM responses WHERE customer = ?", customer);
  }

  private void forgetAll(String sql, String whose) {
    database.write(
        connection -> {
          try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setString(1, whose);
            delete.executeUpdate();
          }
          run(connection, ORPHANED_ITEMS);
          return null;
        });
  }

  private static void run(Connection connection, String sql, long... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setLong(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  private static int delete(Connection connection, String owner, String id) throws SQLException {
    try (PreparedStatement items =
            connection.prepareStatement(
                "DELETE FROM items WHERE response IN"
                    + " (SELECT seq FROM responses WHERE owner = ? AND id = ?)");
        PreparedStatement responses =
            connection.prepareStatement("DELETE FROM responses WHERE owner = ? AND id = ?")) {
      items.setString(1, owner);
      items.setString(2, id);
      items.executeUpdate();
      responses.setString(1, owner);
      responses.setString(2, id);
      return responses.executeUpdate();
    }
  }

  private static Optional<RecordedResponse> one(
      Connection connection, String sql, String owner, String id) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, owner);
      select.setString(2, id);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(response(row)) : Optional.empty();
      }
    }
  }

  private static RecordedResponse response(ResultSet row) throws SQLException {
    return new RecordedResponse(
        Optional.ofNullable(row.getString("previous")),
        row.getString("earlier").lines().toList(),
        (ArrayNode) tree(row.getString("input")),
        (ObjectNode) tree(row.getString("response")));
  }

  private static JsonNode tree(String text) {
    try {
      return ExactJson.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A stored response is JSON", e);
    }
  }

  @Override
  public void close() {
    database.close();
    if (temporary) {
      try {
        for (String end : List.of("", "-wal", "-shm")) {
          Files.deleteIfExists(file.resolveSibling(file.getFileName() + end));
        }
        Files.deleteIfExists(file.getParent());
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot delete the stored responses", e);
      }
    }
  }
}
